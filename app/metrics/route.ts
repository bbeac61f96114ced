import { answerMetrics } from "@/lib/http/gate/metrics-answer";
import { getEngine } from "@/lib/server/compose/get-engine";

/** Prometheus reads it; no part of the API and its document. */
export async function GET(request: Request): Promise<Response> {
  return answerMetrics(await getEngine(), request);
}
