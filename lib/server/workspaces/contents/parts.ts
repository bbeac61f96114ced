import { editDocument } from "@/lib/archive/edit/edit-document";
import { newText, type Fields } from "@/lib/archive/edit/edit-text";
import type { Part } from "@/lib/domain/wire/contents";
import { AppError } from "@/lib/domain/error";
import { classifyPath, extensionOf } from "@/lib/domain/path";
import { slugify } from "@/lib/domain/workspace";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Viewer } from "../../viewer";
import { conditionsMet, type Conditions } from "../edits/sources";
import {
  changeContents,
  fieldsOf,
  merged,
  snapshotOf,
  utf8,
  type ContentsEngine,
  type Planned,
  type Snapshot,
} from "./change";
import { partsOf, toPart, type Found, type PartKind } from "./read-parts";

export type { PartKind } from "./read-parts";

const NOUNS = { automations: "automation", pages: "page", imports: "app instance" } as const;

/** A part with the blob id of its file. */
export interface PartView {
  part: Part;
  oid: string;
}

/** Every part of a kind, by slug. */
export async function readAll({ files, many }: Snapshot, kind: PartKind): Promise<Map<string, Found>> {
  const own = files.filter(({ path }) => classifyPath(path).kind === kind);
  return partsOf(kind, own, await many(own));
}

export async function listParts(
  engine: ContentsEngine,
  workspace: WorkspaceRecord,
  kind: PartKind,
): Promise<Part[]> {
  const parts = await readAll(await snapshotOf(engine, workspace.id), kind);
  return [...parts.values()].map(toPart).sort((a, b) => (a.slug < b.slug ? -1 : 1));
}

async function find(snapshot: Snapshot, kind: PartKind, slug: string): Promise<Found> {
  const part = (await readAll(snapshot, kind)).get(slug);
  if (!part)
    throw new AppError("NotFound", `There is no ${NOUNS[kind]} ${JSON.stringify(slug)} in this workspace.`, {
      slug,
    });
  return part;
}

/** One part. Throws NotFound, and UnreadableContent where its file cannot be read. */
export async function readPart(
  engine: ContentsEngine,
  workspace: WorkspaceRecord,
  kind: PartKind,
  slug: string,
): Promise<PartView> {
  const snapshot = await snapshotOf(engine, workspace.id);
  const { file, ...found } = await find(snapshot, kind, slug);
  // What stops it from being read at all is an error; what is wrong inside it is told with the rest.
  if (found.problem !== undefined) fieldsOf(await snapshot.bytes(file), file.path);
  return { part: toPart(found), oid: file.oid };
}

function slugTaken(kind: PartKind, slug: string): AppError {
  return new AppError(
    "SlugAlreadyInUse",
    `There is already an ${NOUNS[kind]} ${JSON.stringify(slug)} in this workspace. Choose another slug.`.replace(
      "an page",
      "a page",
    ),
    { slug },
  );
}

function nameOf(name: unknown): string {
  if (typeof name === "string") return name;
  const texts = typeof name === "object" && name !== null ? Object.values(name as Fields) : [];
  return texts.find((text): text is string => typeof text === "string") ?? "";
}

function firstSlug(kind: PartKind, fields: Fields): string {
  if (typeof fields.slug === "string") return fields.slug;
  if (kind === "imports" && typeof fields.appSlug === "string") return fields.appSlug;
  const name = nameOf(fields.name);
  if (name.trim() === "")
    throw new AppError("InvalidRequest", `Give the ${NOUNS[kind]} a slug or a name.`, { field: "slug" });
  return slugify(name);
}

/** Makes a new file. Throws SlugAlreadyInUse, InvalidRequest, WorkspaceLocked. */
export async function createPart(
  engine: ContentsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  input: { kind: PartKind; fields: Fields },
): Promise<PartView> {
  const { kind, fields } = input;
  const slug = firstSlug(kind, fields);
  const path = `${kind}/${slug}.yml`;
  await changeContents(engine, viewer, workspace.id, async (snapshot) => {
    const isTaken = (await readAll(snapshot, kind)).has(slug);
    if (isTaken || snapshot.files.some((file) => file.path === path)) throw slugTaken(kind, slug);
    const text = newText(path, merged(kind === "imports" ? {} : { slug }, { ...fields, slug }));
    return { edits: new Map([[path, utf8(text)]]) };
  });
  return readPart(engine, workspace, kind, slug);
}

export interface PartChange {
  kind: PartKind;
  slug: string;
  /** The new fields from those that stand there. */
  change: (before: Fields) => Fields;
  conditions?: Conditions;
}

/** Where a part's file goes when its slug changes; its folder and format stay. */
async function rename(
  snapshot: Snapshot,
  { file, slug }: Found,
  input: { kind: PartKind; to: string; text: string },
): Promise<Planned> {
  const { kind, to, text } = input;
  const path = `${kind}/${to}${extensionOf(file.path)}`;
  const owner = (await readAll(snapshot, kind)).get(to);
  if (owner && owner.file.path !== file.path) throw slugTaken(kind, to);
  if (path === file.path) return { edits: new Map([[path, utf8(text)]]) };
  if (snapshot.files.some((one) => one.path === path)) throw slugTaken(kind, to);
  return {
    edits: new Map<string, Uint8Array | null>([
      [file.path, null],
      [path, utf8(text)],
    ]),
    renames: new Map([[path, { from: file.path, oldSlug: slug }]]),
  };
}

/**
 * A client may send back what it was given: what an answer says is wrong with a file is no field of it, nor is the slug
 * that its name alone gives it.
 */
function withoutAnswers(after: Fields, before: Fields, slug: string): Fields {
  const { unreadable: _told, ...fields } = after;
  const kept = Object.hasOwn(before, "unreadable") ? after : fields;
  if (Object.hasOwn(before, "slug") || kept.slug !== slug) return kept;
  const { slug: _answered, ...rest } = kept;
  return rest;
}

/** Changes a part; a new slug moves its file. Throws NotFound, SlugAlreadyInUse, PreconditionFailed, WorkspaceLocked. */
export async function changePart(
  engine: ContentsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  { kind, slug, change, conditions }: PartChange,
): Promise<PartView> {
  let now = slug;
  await changeContents(engine, viewer, workspace.id, async (snapshot) => {
    const found = await find(snapshot, kind, slug);
    const { file } = found;
    if (conditions) conditionsMet(conditions)(file.path, file);
    const bytes = await snapshot.bytes(file);
    const before = fieldsOf(bytes, file.path);
    const after = withoutAnswers(change(before), before, slug);
    now = typeof after.slug === "string" && after.slug !== before.slug ? after.slug : slug;
    const text = editDocument(bytes, file.path, after);
    if (now !== slug) return rename(snapshot, found, { kind, to: now, text });
    return { edits: new Map([[file.path, utf8(text)]]) };
  });
  return readPart(engine, workspace, kind, now);
}

/** Deletes a part's file. Throws NotFound, PreconditionFailed, WorkspaceLocked. */
export async function deletePart(
  engine: ContentsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  { kind, slug, conditions }: Pick<PartChange, "kind" | "slug" | "conditions">,
): Promise<{ id: string; slug: string }> {
  await changeContents(engine, viewer, workspace.id, async (snapshot) => {
    const { file } = await find(snapshot, kind, slug);
    if (conditions) conditionsMet(conditions)(file.path, file);
    return { edits: new Map([[file.path, null]]) };
  });
  return { id: slug, slug };
}
