import { isDeepStrictEqual } from "node:util";
import { findPart } from "@/lib/archive/contents";
import { buildTree, hashObject } from "@/lib/archive/objects";
import { AppError } from "@/lib/domain/error";
import { own } from "@/lib/domain/own";
import { classifyPath } from "@/lib/domain/path";
import type { Oid, WorkspaceFile } from "@/lib/domain/workspace";
import { newEvent } from "@/lib/domain/event";
import type { GitObject, WorkspaceRecord, WorkspaceWrite } from "@/lib/versioning/ports";
import { demand, grantsOf } from "../../access";
import { refuseWidening } from "../../access/sharing/widening";
import type { Engine } from "../../engine";
import { refuseSecretUses } from "../../repositories/secret-uses";
import { redactorOf } from "../../secrets/hiding";
import type { Viewer } from "../../viewer";
import { refuseLocked } from "../../locks/write-lock";
import { checkEdit, checkIndex, checkWhole, type Edits } from "./checks";
import { documentOf, editEvents, type EditEvent, type FileEdit, type Rename } from "./edit-events";
import { checkDomains } from "../naming/domain-names";
import { checkConfiguration } from "./configuration";
import { refuseWrittenCredentials } from "./credentials";
import { checkRepositories } from "./repositories";
import { inTurn } from "../naming/in-turn";
import { beforeRetry, MAX_TRIES } from "./retry";

type EditEngine = Pick<Engine, "store" | "env" | "masterKey" | "redactor">;

/** A test of the file that stands at a path before it is changed; throws PreconditionFailed. */
export type Precondition = (path: string, current: WorkspaceFile | undefined, tree: Oid) => void;

/** What an edit means beyond its bytes. */
export interface EditExtras {
  /** What to record besides what `index.yml` says. */
  settings?: Settings;
  /** New paths of files that moved, with the path and slug they had: one change, not a deletion and a creation. */
  renames?: ReadonlyMap<string, Rename>;
}

function afterEdits(files: readonly WorkspaceFile[], edits: Edits) {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const blobs = new Map<Oid, GitObject>();
  for (const [path, bytes] of edits) {
    if (bytes === null) {
      byPath.delete(path);
      continue;
    }
    const oid = hashObject("blob", bytes);
    blobs.set(oid, { type: "blob", bytes });
    byPath.set(path, { path, mode: byPath.get(path)?.mode ?? "100644", oid, size: bytes.byteLength });
  }
  return { files: [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), blobs };
}

async function fileEdits(
  engine: EditEngine,
  files: readonly WorkspaceFile[],
  edits: Edits,
): Promise<FileEdit[]> {
  const old = new Map(files.map((file) => [file.path, file.oid]));
  const known = [...edits.keys()].flatMap((path) => old.get(path) ?? []);
  const objects = await engine.store.workspaces.readObjects(known);
  return [...edits].flatMap(([path, after]) => {
    const oid = old.get(path);
    if (after !== null && oid === hashObject("blob", after)) return [];
    const before = oid === undefined ? null : (objects.get(oid)?.bytes ?? new Uint8Array());
    return [{ path, before, after }];
  });
}

type Settings = NonNullable<WorkspaceWrite["settings"]>;

function isEdited({ before, after, path }: FileEdit, field: string, absent?: unknown): boolean {
  const [old, now] = [before, after].map((bytes) => own(documentOf(bytes, path), field) ?? absent);
  return !isDeepStrictEqual(old, now);
}

/** Throws SlugAlreadyInUse. */
async function refuseTaken(engine: EditEngine, workspace: WorkspaceRecord, slug: string): Promise<void> {
  const owner = slug === workspace.slug ? null : await engine.store.workspaces.getBySlug(slug);
  if (!owner || owner.id === workspace.id) return;
  const message = `The slug ${slug} is already used by another workspace. Choose another one.`;
  throw new AppError("SlugAlreadyInUse", message, { slug });
}

/** What an edited index.yml changes of the record. Throws SlugAlreadyInUse. */
async function settingsOf(engine: EditEngine, workspace: WorkspaceRecord, edit: FileEdit): Promise<Settings> {
  const index = checkIndex(edit.after ?? new Uint8Array(), edit.path, (field) => isEdited(edit, field));
  // An imported file may name a slug that another workspace has: only an edit of the slug itself claims it.
  const slug = isEdited(edit, "slug") ? index.slug : undefined;
  if (slug !== undefined) await refuseTaken(engine, workspace, slug);
  return {
    name: index.name ?? workspace.name,
    slug: slug ?? workspace.slug,
    description: index.description ?? null,
    labels: index.labels ?? [],
    photo: index.photo ?? null,
    // An imported file may list domains that belong elsewhere: only an edit of the list itself claims them.
    ...(isEdited(edit, "customDomains", [])
      ? { customDomains: checkDomains(index.customDomains ?? []) }
      : {}),
  };
}

async function checkPermissions(
  engine: EditEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  edits: readonly FileEdit[],
): Promise<void> {
  const grants = await grantsOf(engine, viewer);
  demand(grants, "update", workspace.id);
  for (const edit of edits) {
    const { kind } = classifyPath(edit.path);
    if (kind === "security") {
      demand(grants, "manage_security", workspace.id);
      refuseWidening(documentOf(edit.before, edit.path), documentOf(edit.after, edit.path), (action) =>
        grants.may(action, workspace.id),
      );
    }
    if (kind !== "index") continue;
    const { repositories } = documentOf(edit.after, edit.path);
    const before = documentOf(edit.before, edit.path).repositories;
    if (isDeepStrictEqual(before, repositories)) continue;
    demand(grants, "manage_repositories", workspace.id);
    checkRepositories(
      before,
      repositories,
      engine.env.platformRepositories.map(({ id }) => id),
    );
    refuseWrittenCredentials(before, repositories);
    refuseSecretUses(before, repositories, grants.may("manage_security", workspace.id));
  }
}

function eventsOf(changed: readonly FileEdit[], { renames, settings }: EditExtras): EditEvent[] {
  if (changed.length > 0) return editEvents(changed, renames);
  // The text said so already, as that of an imported file may; the record did not.
  return [{ type: "workspaces.updated", payload: { ...settings } }];
}

async function applyOnce(
  engine: EditEngine,
  viewer: Viewer,
  workspaceId: string,
  edits: Edits,
  precondition: Precondition,
  extras: EditExtras,
): Promise<void> {
  const { workspaces } = engine.store;
  const workspace = await workspaces.get(workspaceId);
  if (!workspace)
    throw new AppError("NotFound", "The workspace was deleted in the meantime.", { workspaceId });
  await refuseLocked(engine, workspaceId, viewer.user.id);
  const files = (await workspaces.files([workspaceId])).get(workspaceId) ?? [];
  const current = new Map(files.map((file) => [file.path, file]));
  for (const path of edits.keys()) precondition(path, current.get(path), workspace.tree);

  const changed = await fileEdits(engine, files, edits);
  if (changed.length === 0 && !extras.settings) return;
  await checkPermissions(engine, viewer, workspace, changed);
  const after = afterEdits(files, edits);
  checkWhole(files, after.files, edits, engine.env.limits);
  const indexPath = findPart(
    after.files.map(({ path }) => path),
    "index",
  );
  const index = changed.find(({ path }) => path === indexPath);
  if (index) {
    const configOf = (bytes: Uint8Array | null) => documentOf(bytes, index.path).config;
    checkConfiguration(engine, workspace.slug, configOf(index.before), configOf(index.after));
  }
  const described = index ? await settingsOf(engine, workspace, index) : undefined;
  if (extras.settings?.slug !== undefined) await refuseTaken(engine, workspace, extras.settings.slug);
  const settings = described || extras.settings ? { ...described, ...extras.settings } : undefined;
  const { tree, objects } = buildTree(after.files);
  const redactor = await redactorOf(engine, workspace);
  await workspaces.write([
    {
      workspaceId,
      guard: { revision: workspace.revision },
      userId: viewer.user.id,
      contents: { tree, files: after.files, objects: new Map([...objects, ...after.blobs]) },
      ...(settings ? { settings } : {}),
      events: eventsOf(changed, extras).map(({ type, payload }) =>
        newEvent(viewer, type, workspaceId, redactor.plain(payload)),
      ),
    },
  ]);
}

/** What `applyEdits` does, for those whose turn it is already. */
export async function applyEditsInTurn(
  engine: EditEngine,
  viewer: Viewer,
  workspaceId: string,
  edits: Edits,
  precondition: Precondition = () => undefined,
  extras: EditExtras = {},
): Promise<void> {
  for (const [path, bytes] of edits) checkEdit(path, bytes, engine.env.limits);
  for (let attempt = 1; ; attempt++) {
    try {
      await applyOnce(engine, viewer, workspaceId, edits, precondition, extras);
      return;
    } catch (error) {
      // Another process's edit came in between: look again, and let the precondition judge what it left.
      const raced =
        error instanceof AppError && error.code === "PreconditionFailed" && error.details?.path === undefined;
      if (!raced || attempt === MAX_TRIES) throw error;
    }
    await beforeRetry(attempt);
  }
}

/**
 * Changes files of a workspace, all or none, with the record that `index.yml` describes. Throws InvalidRequest,
 * UnreadableContent, WorkspaceLocked, PermissionDenied, SlugAlreadyInUse, PreconditionFailed, TooLarge.
 */
export function applyEdits(
  ...[engine, viewer, workspaceId, ...rest]: Parameters<typeof applyEditsInTurn>
): Promise<void> {
  return inTurn(workspaceId, () => applyEditsInTurn(engine, viewer, workspaceId, ...rest));
}
