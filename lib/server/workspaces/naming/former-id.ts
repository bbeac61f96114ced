import { OPERATIONS } from "@/lib/domain/operation/kinds";
import type { Engine } from "../../engine";

interface Reader {
  userId: string;
  may(action: "read", workspaceId: string): boolean;
}

/**
 * Whether somebody may create a workspace under this id, which no workspace has now. One that a deleted workspace had
 * opens the events and operations that are kept of it, so it is for those who deleted it, and those who may read
 * whatever workspace there is.
 */
export async function mayTakeId(
  { store }: Pick<Engine, "store">,
  reader: Reader,
  workspaceId: string,
): Promise<boolean> {
  if (reader.may("read", workspaceId)) return true;
  const [deletion] = await store.events.list({
    workspaceId,
    types: ["workspaces.deleted"],
    sort: "desc",
    page: 0,
    limit: 1,
  });
  if (deletion) return deletion.source.userId === reader.userId;
  const operations = await store.operations.list({ workspaceId, page: 0, limit: 1000 });
  // An import that failed was of a workspace that never was.
  return operations.every(
    ({ kind, userId }) => OPERATIONS[kind].mayPrecedeWorkspace || userId === reader.userId,
  );
}
