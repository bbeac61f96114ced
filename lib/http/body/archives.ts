import { ArchiveResult } from "@/lib/domain/wire/archives";
import type { Operation } from "@/lib/domain/operation";
import type { Engine } from "@/lib/server/engine";
import { summarizeOne } from "@/lib/server/workspaces/summary";

/** The answer of an import that has ended. */
export async function archiveResult(engine: Engine, { result }: Operation): Promise<ArchiveResult> {
  // Checked again when it leaves: the result was stored as JSON.
  const ended = ArchiveResult.parse(result);
  if (ended.workspaces) return ended;
  const [id] = [...ended.createdWorkspaceIds, ...ended.updatedWorkspaceIds];
  const workspace = id === undefined ? null : await engine.store.workspaces.get(id);
  if (!workspace) throw new Error("A workspace was deleted between its import and the answer.");
  return { ...ended, workspace: await summarizeOne(engine, workspace) };
}
