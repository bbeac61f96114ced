import type { z } from "zod";
import { checksumOf, checksumsOf } from "@/lib/archive/manifest";
import { parseStructured } from "@/lib/archive/yaml";
import { AppError } from "@/lib/domain/error";
import { classifyPath } from "@/lib/domain/path";
import type { ImportError } from "@/lib/domain/version";
import type { FileChange, StatusChange, WorkspaceStatus } from "@/lib/domain/wire/api";
import type { WorkspaceFile } from "@/lib/domain/workspace";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import { partsOf } from "./contents/read-parts";
import type { ReadEngine } from "./summary";
import { changesOf, filesOfTree, type TreeFile } from "./tree-files";

type Files = readonly Pick<TreeFile, "path" | "oid">[];
type Contents = ReadonlyMap<string, Uint8Array>;

async function contentsOf({ store }: ReadEngine, files: Files): Promise<Contents> {
  const objects = await store.workspaces.readObjects([...new Set(files.map(({ oid }) => oid))]);
  return new Map(files.map(({ path, oid }) => [path, objects.get(oid)?.bytes ?? new Uint8Array()]));
}

const KINDS = ["automations", "pages", "imports"] as const;

/** The parts that cannot be read, each with the reason. */
async function errorsIn(files: readonly WorkspaceFile[], contents: Contents): Promise<ImportError[]> {
  const listed = await Promise.all(KINDS.map((kind) => partsOf(kind, files, contents)));
  const parts = listed.flatMap((found) => [...found.values()]);
  const errors = parts.flatMap(({ file: { path }, problem }): ImportError[] =>
    problem === undefined ? [] : [{ err: "UnreadableContent", msg: problem, path }],
  );
  for (const [path, bytes] of contents) {
    const { kind } = classifyPath(path);
    if (kind !== "index" && kind !== "security") continue;
    try {
      parseStructured(bytes, path);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      errors.push({ ...error.details, msg: error.message, err: error.code, path });
    }
  }
  return errors;
}

function withChecksums({ path, kind }: FileChange, expected: Contents, current: Contents): StatusChange {
  const part = classifyPath(path);
  const checksum = (contents: Contents) => {
    const bytes = contents.get(path);
    return bytes === undefined ? null : checksumOf(bytes);
  };
  return {
    path,
    kind,
    type: part.kind,
    slug: "slug" in part ? part.slug : path,
    currentChecksum: checksum(current),
    expectedChecksum: checksum(expected),
  };
}

/** `GET …/status`: the live files' checksums, and what differs from what git is known to hold. */
export async function workspaceStatus(
  engine: ReadEngine,
  workspace: WorkspaceRecord,
): Promise<z.infer<typeof WorkspaceStatus>> {
  const { workspaces } = engine.store;
  const files = (await workspaces.files([workspace.id])).get(workspace.id) ?? [];
  const current = await contentsOf(engine, files);
  const synced = workspace.syncedTree ? await filesOfTree(workspaces, workspace.syncedTree) : [];
  const changes = synced ? changesOf(synced, files) : [];
  const changed = new Set(changes.map(({ path }) => path));
  const expected = await contentsOf(engine, synced?.filter(({ path }) => changed.has(path)) ?? []);
  const checksums = checksumsOf([...current].map(([path, bytes]) => ({ path, bytes })));
  const { dirty, tree, revision } = workspace;
  return {
    dirty,
    tree,
    revision,
    checksums,
    ...checksums,
    errors: await errorsIn(files, current),
    changes: changes.map((change) => withChecksums(change, expected, current)),
  };
}
