import type { AuditOutcome, NewAuditEntry } from "@/lib/store/contract";
import type { Engine } from "../engine";
import type { Viewer } from "../viewer";

type AuditEngine = Pick<Engine, "store" | "redactor" | "log">;

export interface AuditFacts {
  action: string;
  outcome?: AuditOutcome;
  workspaceId?: string;
  /** What was acted on. */
  target?: string;
  details?: Record<string, unknown>;
}

const MAX_TARGET = 300;

/** Who acts when nobody is known yet. */
export const NOBODY = "anonymous";

/**
 * Writes down what somebody did. Secret values known to this process are hidden. What was done stays done when the
 * trail cannot be written; then the log says so.
 */
export async function writeAudit(engine: AuditEngine, entry: NewAuditEntry): Promise<void> {
  try {
    await engine.store.audit.append({
      ...entry,
      ...(entry.target === undefined
        ? {}
        : { target: engine.redactor.text(entry.target).slice(0, MAX_TARGET) }),
      details: engine.redactor.value(entry.details),
    });
  } catch (error) {
    engine.log.error({ err: error, action: entry.action }, "An audit entry could not be written");
  }
}

/** Writes down what a viewer did. */
export async function audit(engine: AuditEngine, viewer: Viewer, facts: AuditFacts): Promise<void> {
  const { user, tokenId, address, correlationId } = viewer;
  await writeAudit(engine, {
    userId: user.id,
    email: user.email,
    action: facts.action,
    outcome: facts.outcome ?? "succeeded",
    ...(facts.workspaceId === undefined ? {} : { workspaceId: facts.workspaceId }),
    ...(facts.target === undefined ? {} : { target: facts.target }),
    ...(address === undefined ? {} : { address }),
    correlationId,
    details: { ...facts.details, ...(tokenId === undefined ? {} : { tokenId }) },
  });
}
