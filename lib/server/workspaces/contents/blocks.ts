import { own } from "@/lib/domain/own";
import { isDeepStrictEqual } from "node:util";
import { isFields, type Fields } from "@/lib/archive/edit/edit-text";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Viewer } from "../../viewer";
import { merged, type ContentsEngine } from "./change";
import type { Conditions } from "../edits/sources";
import { changeSingle, readSingle, type FileView } from "./index-file";

type BlockMap = Record<string, Fields>;

function blocksOf(index: Fields): BlockMap {
  if (!isFields(index.blocks)) return {};
  const entries = Object.entries(index.blocks);
  return Object.fromEntries(entries.map(([slug, block]) => [slug, shown(block)]));
}

function shown(block: unknown): Fields {
  return isFields(block) ? block : { value: block };
}

/** The blocks of `index.yml` by slug. */
export async function readBlocks(
  engine: ContentsEngine,
  workspace: WorkspaceRecord,
): Promise<FileView<BlockMap>> {
  const { fields, oid } = await readSingle(engine, workspace.id, "index");
  return { value: blocksOf(fields), oid };
}

/** Sets blocks by slug, null takes one away. `replace`: those not named go as well. */
export async function writeBlocks(
  engine: ContentsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  input: { blocks: Record<string, Fields | null>; replace: boolean; conditions: Conditions },
): Promise<FileView<BlockMap>> {
  const { blocks, replace, conditions } = input;
  const change = (before: Fields) => {
    const old = isFields(before.blocks) ? before.blocks : {};
    const given = Object.entries(blocks).map(([slug, block]) => {
      // A block that is no map is shown as one, and a client may send back what it was given.
      const isSame = Object.hasOwn(old, slug) && isDeepStrictEqual(shown(own(old, slug)), block);
      return [slug, isSame ? own(old, slug) : block] as const;
    });
    return { ...before, blocks: merged(replace ? {} : old, Object.fromEntries(given)) };
  };
  await changeSingle(engine, viewer, workspace, "index", change, { conditions });
  return readBlocks(engine, workspace);
}
