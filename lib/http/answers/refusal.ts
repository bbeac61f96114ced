import { AppError, known } from "@/lib/domain/error";
import type { Engine } from "@/lib/server/engine";
import { redactorOf } from "@/lib/server/secrets/hiding";
import { shuttingDown } from "@/lib/server/shutdown";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import { problemResponse } from "../problem";

interface Refused {
  engine: Engine | null;
  workspace: WorkspaceRecord | undefined;
  correlationId: string;
}

/** What breaks once the database is about to close breaks because of that. */
export function unlessClosing(error: unknown, { shutdown }: Pick<Engine, "shutdown">): unknown {
  return shutdown.lastCall.aborted && !(error instanceof AppError) ? shuttingDown() : error;
}

/** An error as an answer that shows no secret, those of the workspace it is about included. */
export async function refuse(
  { engine, workspace, correlationId }: Refused,
  thrown: unknown,
): Promise<Response> {
  const error = known(engine ? unlessClosing(thrown, engine) : thrown);
  if (!engine || !workspace) return problemResponse(error, correlationId, engine);
  const { log } = engine;
  const redactor = await redactorOf(engine, workspace).catch((cause: unknown) => {
    log.warn({ err: cause }, "The secrets of a workspace could not be read to hide them in an error");
    return engine.redactor;
  });
  return problemResponse(error, correlationId, { log, redactor });
}
