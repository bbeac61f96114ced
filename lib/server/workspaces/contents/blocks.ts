import { isFields, type Fields } from "@/lib/archive/edit/edit-text";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Viewer } from "../../viewer";
import { merged, type ContentsEngine } from "./change";
import { changeSingle, readSingle } from "./index-file";

type BlockMap = Record<string, Fields>;

function blocksOf(index: Fields): BlockMap {
  if (!isFields(index.blocks)) return {};
  const entries = Object.entries(index.blocks);
  return Object.fromEntries(
    entries.map(([slug, block]) => [slug, isFields(block) ? block : { value: block }]),
  );
}

/** The blocks of `index.yml` by slug. */
export async function readBlocks(engine: ContentsEngine, workspace: WorkspaceRecord): Promise<BlockMap> {
  return blocksOf((await readSingle(engine, workspace.id, "index")).fields);
}

/** Sets blocks by slug, null takes one away. `replace`: those not named go as well. */
export async function writeBlocks(
  engine: ContentsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  blocks: Record<string, Fields | null>,
  replace: boolean,
): Promise<BlockMap> {
  await changeSingle(engine, viewer, workspace, "index", (before) => {
    const kept = replace || !isFields(before.blocks) ? {} : before.blocks;
    return { ...before, blocks: merged(kept, blocks) };
  });
  return readBlocks(engine, workspace);
}
