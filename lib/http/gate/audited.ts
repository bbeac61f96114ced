import { own } from "@/lib/domain/own";
import { isUnscoped } from "@/lib/server/access";
import { audit, type AuditFacts } from "@/lib/server/audit/audit";
import type { Engine } from "@/lib/server/engine";
import type { Viewer } from "@/lib/server/viewer";
import { redactorOf } from "@/lib/server/secrets/hiding";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import { OPERATION_HEADER } from "../correlation";
import { AUDITED, type Facts } from "./audited-routes";

function outcomeOf(status: number) {
  if (status < 400) return "succeeded" as const;
  return status === 401 || status === 403 || status === 404 ? ("refused" as const) : ("failed" as const);
}

interface Turned {
  request: Request;
  patterns: readonly string[];
}

/** The entry for a token that asked for what it does not reach; a write that is audited has its own entry. */
function turnedAway({ scopes }: Viewer, { request, patterns }: Turned, { status }: Response): AuditFacts {
  return {
    action: "token.refused",
    outcome: "refused",
    target: `${request.method} ${patterns[0] ?? ""}`,
    details: { reason: isUnscoped(scopes) ? "not permitted" : "out of scope", status },
  };
}

/** Writes down what a request did, when it is of those that are. */
export async function auditRequest(
  engine: Engine,
  viewer: Viewer | null,
  call: {
    request: Request;
    patterns: readonly string[];
    params: Facts;
    body: unknown;
    workspace: WorkspaceRecord | undefined;
    isAdmitted: boolean;
  },
  response: Response,
): Promise<void> {
  const key = call.patterns
    .map((pattern) => `${call.request.method} ${pattern}`)
    .find((one) => Object.hasOwn(AUDITED, one));
  const audited = key === undefined ? undefined : own(AUDITED, key);
  if (!viewer) return;
  if (!audited) {
    if (!call.isAdmitted && viewer.tokenId !== undefined && outcomeOf(response.status) === "refused")
      await audit(engine, viewer, turnedAway(viewer, call, response));
    return;
  }
  const body = (typeof call.body === "object" && call.body !== null ? call.body : {}) as Facts;
  const action = audited.when?.(call.params, body) === false ? audited.elsewise : audited.action;
  if (action === undefined) return;
  const target = audited.target?.(call.params, body);
  const operationId = response.headers.get(OPERATION_HEADER);
  const { workspace } = call;
  const redactor = workspace ? await redactorOf(engine, workspace) : engine.redactor;
  await audit({ ...engine, redactor }, viewer, {
    action,
    outcome: outcomeOf(response.status),
    ...(workspace ? { workspaceId: workspace.id } : {}),
    ...(typeof target === "string" ? { target } : {}),
    details: {
      ...audited.details?.(body),
      ...(operationId === null ? {} : { operationId }),
      ...(response.status >= 400 ? { status: response.status } : {}),
    },
  });
}
