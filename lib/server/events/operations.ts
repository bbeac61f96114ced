import { AppError } from "@/lib/domain/error";
import type { Operation } from "@/lib/domain/operation";
import { OPERATIONS } from "@/lib/domain/operation/kinds";
import { NATIVE_REPOSITORY_ID } from "@/lib/domain/repository";
import { automaticVersionName } from "@/lib/domain/version";
import { demand, grantsOf, type Action } from "../access";
import type { Engine } from "../engine";
import { startBulkImport, startBulkPush } from "../operations/start-bulk";
import { startPull, startPush, startRollback } from "../operations/start";
import type { Started } from "../runner";
import type { Viewer } from "../viewer";

type RetryEngine = Pick<Engine, "env" | "store" | "redactor" | "masterKey" | "runner">;

export interface OperationFilters {
  workspaceId?: string;
  kind?: string;
  state?: string;
  page: number;
  limit: number;
}

/** Operations on workspaces the viewer may read, newest first. */
export async function listOperations(
  engine: Pick<Engine, "store" | "env">,
  viewer: Viewer,
  filters: OperationFilters,
): Promise<Operation[]> {
  const readable = (await grantsOf(engine, viewer)).readable();
  return engine.store.operations.list({ ...filters, ...(readable ? { readable } : {}) });
}

/** One operation, once the viewer may do this in its workspace. Throws NotFound, PermissionDenied. */
export async function requireOperation(
  engine: Pick<Engine, "store" | "env">,
  viewer: Viewer,
  action: Action,
  id: string,
): Promise<Operation> {
  const operation = await engine.store.operations.get(id);
  const grants = await grantsOf(engine, viewer);
  // The workspace of an import may not be there yet, or be several; whoever uploaded the archive may follow it.
  if (operation && OPERATIONS[operation.kind].mayPrecedeWorkspace && operation.userId === viewer.user.id)
    return operation;
  if (!operation || !grants.may("read", operation.workspaceId))
    throw new AppError("NotFound", "There is no operation with that id that you can see.", {
      operationId: id,
    });
  demand(grants, action, operation.workspaceId);
  return operation;
}

/** Asks a running operation to stop; it ends with a completed event that says so. */
export async function cancelOperation(
  engine: Pick<Engine, "store">,
  viewer: Viewer,
  operation: Operation,
): Promise<void> {
  if (await engine.store.operations.requestCancel(operation.id, viewer.user.id)) return;
  throw new AppError("InvalidRequest", "This operation has already ended; there is nothing to cancel.", {
    operationId: operation.id,
  });
}

interface Input {
  repositoryId?: string;
  name?: string;
  description?: string;
  versionId?: string;
  version?: string;
  reason?: string;
  discardLocalChanges?: boolean;
  otherWorkspaceId?: string;
  otherWorkspaceIds?: string[];
  groups?: string[];
  force?: boolean;
  forceReimport?: boolean;
  prune?: boolean;
  retryOf?: string[];
}

/** Starts an ended operation again with what it was asked to do. */
export async function retryOperation(
  engine: RetryEngine,
  viewer: Viewer,
  operation: Operation,
): Promise<Started> {
  if (operation.state !== "done")
    throw new AppError(
      "InvalidRequest",
      "This operation is still running. Wait for it to end, or cancel it.",
      {
        operationId: operation.id,
      },
    );
  const { repositoryId, groups, retryOf = [], ...input } = operation.input as Input;
  const at = repositoryId === undefined ? {} : { repositoryId };
  const repository = repositoryId === undefined ? {} : { repository: { id: repositoryId } };
  switch (operation.kind) {
    case "push":
      return startPush(engine, viewer, operation.workspaceId, {
        repositoryId: repositoryId ?? NATIVE_REPOSITORY_ID,
        ...input,
      });
    case "pull":
      return startPull(engine, viewer, operation.workspaceId, { ...at, versionId: "latest", ...input });
    case "rollback":
      return startRollback(engine, viewer, operation.workspaceId, { ...at, version: "", ...input });
    case "bulkPush": {
      // The name that the operation gave itself; its tag is what the repetition finishes.
      const name = automaticVersionName(new Date(operation.createdAt));
      const again = { ...repository, groups: groups ?? [], name, ...input };
      return startBulkPush(engine, viewer, again, [...retryOf, operation.id]);
    }
    case "bulkImport":
      return startBulkImport(engine, viewer, { ...repository, ...(groups ? { groups } : {}), ...input });
    case "import":
      throw new AppError(
        "InvalidRequest",
        "You cannot retry the import of an archive; upload the archive again.",
      );
  }
}
