import type { Endpoint } from "@/lib/contract/endpoint";
import type { Audit, Facts } from "@/lib/contract/endpoint/audit";
import { isUnscoped } from "@/lib/server/access";
import { audit, type AuditFacts } from "@/lib/server/audit/audit";
import type { Engine } from "@/lib/server/engine";
import type { Viewer } from "@/lib/server/viewer";
import { redactorOf } from "@/lib/server/secrets/hiding";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import { OPERATION_HEADER } from "../correlation";

function outcomeOf(status: number) {
  if (status < 400) return "succeeded" as const;
  return status === 401 || status === 403 || status === 404 ? ("refused" as const) : ("failed" as const);
}

/** A request, as far as its entry tells of it. */
interface Audited {
  endpoint: Endpoint;
  request: Request;
  viewer: Viewer | null;
  params: Facts;
  body: unknown;
  workspace: WorkspaceRecord | undefined;
  isAdmitted: boolean;
}

/** The entry for a token that asked for what it does not reach; a write that is audited has its own entry. */
function turnedAway({ scopes }: Viewer, { request, endpoint }: Audited, { status }: Response): AuditFacts {
  return {
    action: "token.refused",
    outcome: "refused",
    target: `${request.method} ${endpoint.path}`,
    details: { reason: isUnscoped(scopes) ? "not permitted" : "out of scope", status },
  };
}

/** What its contract says is written down of a request; a HEAD is none of its reads. */
function auditOf({ endpoint, request }: Audited): Audit | null {
  const { audit } = endpoint;
  return audit === undefined || audit.action === null || request.method !== endpoint.method ? null : audit;
}

/** Writes down what a request did, when its contract says so. */
export async function auditRequest(engine: Engine, call: Audited, response: Response): Promise<void> {
  const { viewer, workspace } = call;
  const audited = auditOf(call);
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
