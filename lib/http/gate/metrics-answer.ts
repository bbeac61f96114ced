import { AppError } from "@/lib/domain/error";
import { requireSuperAdmin, sameText, viewerOfToken } from "@/lib/server/access";
import type { Engine } from "@/lib/server/engine";
import { exposition } from "@/lib/server/metrics/exposition";
import { correlationIdOf } from "../correlation";
import { problemResponse } from "../problem";

async function admitScraper(engine: Engine, request: Request): Promise<void> {
  const { token: own, isPublic } = engine.env.access.metrics;
  if (isPublic) return;
  const token = /^Bearer (\S+)$/i.exec(request.headers.get("authorization")?.trim() ?? "")?.[1];
  if (token === undefined)
    throw new AppError(
      "Unauthenticated",
      "Send the token of SWITCHYARD_METRICS_TOKEN or a super admin's access token as `Authorization: Bearer …`.",
    );
  if (own && sameText(own.reveal(), token)) return;
  requireSuperAdmin(await viewerOfToken(engine, token, { correlationId: correlationIdOf(request) }));
}

/** The metrics, for whoever may read them. */
export async function answerMetrics(engine: Engine, request: Request): Promise<Response> {
  try {
    await admitScraper(engine, request);
    return new Response(await exposition(engine), {
      headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" },
    });
  } catch (error) {
    return problemResponse(error, correlationIdOf(request), engine);
  }
}
