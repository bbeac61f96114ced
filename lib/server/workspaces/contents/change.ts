import { setOwn } from "@/lib/domain/own";
import { isFields, type Fields } from "@/lib/archive/edit/edit-text";
import { readDocument } from "@/lib/archive/texts";
import { AppError } from "@/lib/domain/error";
import type { WorkspaceFile } from "@/lib/domain/workspace";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../../engine";
import type { Viewer } from "../../viewer";
import { applyEditsInTurn, type EditExtras } from "../edits/apply";
import type { Edits } from "../edits/checks";
import { inTurn } from "../naming/in-turn";
import { beforeRetry, MAX_TRIES } from "../edits/retry";

export type ContentsEngine = Pick<Engine, "store" | "env" | "masterKey" | "redactor">;

/** The files were changed between reading and writing. */
class Stale extends Error {}

/** A workspace's files with a way to read them. */
export interface Snapshot {
  files: readonly WorkspaceFile[];
  bytes(file: WorkspaceFile): Promise<Uint8Array>;
  many: (files: readonly WorkspaceFile[]) => Promise<Map<string, Uint8Array>>;
}

export async function snapshotOf(engine: Pick<Engine, "store">, workspaceId: string): Promise<Snapshot> {
  const { workspaces } = engine.store;
  const files = (await workspaces.files([workspaceId])).get(workspaceId) ?? [];
  const many = async (wanted: readonly WorkspaceFile[]) => {
    const objects = await workspaces.readObjects([...new Set(wanted.map(({ oid }) => oid))]);
    return new Map(wanted.map(({ path, oid }) => [path, objects.get(oid)?.bytes ?? new Uint8Array()]));
  };
  return {
    files,
    many,
    async bytes(file) {
      return (await many([file])).get(file.path) ?? new Uint8Array();
    },
  };
}

/** The map that a structured file holds; an empty file is an empty map. Throws UnreadableContent. */
export function fieldsOf(bytes: Uint8Array, path: string): Fields {
  const value = readDocument(bytes, path) ?? {};
  if (isFields(value)) return value;
  throw new AppError("UnreadableContent", `${path}: must be a map of fields.`, { path });
}

export interface Planned extends EditExtras {
  edits: Edits;
}

type Plan = (snapshot: Snapshot) => Promise<Planned>;

async function changeInTurn(
  engine: ContentsEngine,
  viewer: Viewer,
  workspaceId: string,
  plan: Plan,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const snapshot = await snapshotOf(engine, workspaceId);
    const { edits, ...extras } = await plan(snapshot);
    const seen = new Map(snapshot.files.map(({ path, oid }) => [path, oid]));
    const refuseStale = (path: string, current: WorkspaceFile | undefined) => {
      if (current?.oid !== seen.get(path)) throw new Stale("Somebody else changed the file in the meantime.");
    };
    try {
      await applyEditsInTurn(engine, viewer, workspaceId, edits, refuseStale, extras);
      return;
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      if (attempt === MAX_TRIES)
        throw new AppError("PreconditionFailed", "Others are changing this file right now. Try again.");
    }
    await beforeRetry(attempt);
  }
}

/**
 * Reads, plans and writes; when somebody else's change comes in between, all of it again. The plan throws what must
 * refuse the change. Answers the workspace as it is afterwards.
 */
export async function changeContents(
  engine: ContentsEngine,
  viewer: Viewer,
  workspaceId: string,
  plan: Plan,
): Promise<WorkspaceRecord> {
  await inTurn(workspaceId, () => changeInTurn(engine, viewer, workspaceId, plan));
  const record = await engine.store.workspaces.get(workspaceId);
  if (!record) throw new AppError("NotFound", "The workspace was deleted in the meantime.", { workspaceId });
  return record;
}

export function utf8(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}

/** What stood there with the given fields in place; null takes a field away. */
export function merged(before: Fields, patch: Fields): Fields {
  const after = { ...before };
  for (const [field, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) Reflect.deleteProperty(after, field);
    else setOwn(after, field, value);
  }
  return after;
}
