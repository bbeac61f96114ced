import { own } from "@/lib/domain/own";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { findPart, readIndex } from "@/lib/archive/contents";
import { buildTree, hashObject } from "@/lib/archive/objects";
import { invariant } from "@/lib/domain/error";
import { MANIFEST_PATH, parseWorkspacePath } from "@/lib/domain/path";
import type { Oid, WorkspaceFile } from "@/lib/domain/workspace";
import { newEvent } from "@/lib/domain/event";
import type { GitObject, NewContents, WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../engine";
import { publishApp } from "../versions/apps";
import type { Viewer } from "../viewer";
import { applyEdits } from "../workspaces/edits/apply";
import { demoFolder } from "./environment";
import { DEMO_APPS, type DemoEdit } from "./fleet";

type ContentEngine = Pick<Engine, "env" | "store" | "redactor" | "masterKey">;

type Files = Map<string, Uint8Array>;

/** The content made of these files, as the database takes it. */
function contentsOf(files: Files): NewContents {
  const objects = new Map<Oid, GitObject>();
  const entries = [...files].map(([path, bytes]): WorkspaceFile => {
    const oid = hashObject("blob", bytes);
    objects.set(oid, { type: "blob", bytes });
    return { path: parseWorkspacePath(path), mode: "100644", oid, size: bytes.length };
  });
  const { tree, objects: trees } = buildTree(entries);
  for (const [oid, object] of trees) objects.set(oid, object);
  return { tree, files: entries, objects };
}

/** The slugs of the workspaces in `demo/workspaces`. */
export async function demoSlugs(): Promise<string[]> {
  const entries = await readdir(join(demoFolder(), "workspaces"), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function readDemoFiles(slug: string): Promise<Files> {
  const folder = join(demoFolder(), "workspaces", slug);
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files: Files = new Map();
  for (const entry of entries) {
    if (!entry.isFile() || entry.name === MANIFEST_PATH) continue;
    const full = join(entry.parentPath, entry.name);
    files.set(relative(folder, full).split(sep).join("/"), await readFile(full));
  }
  return files;
}

/** The text with one edit made. */
function edited(bytes: Uint8Array | undefined, path: string, before: string, after: string): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  invariant(text.includes(before), `the demo's edit of ${path} finds its place`);
  return new TextEncoder().encode(text.replace(before, () => after));
}

/** Creates one workspace as it was before `later` edits, and publishes its app; an existing one is left alone. */
export async function createDemoWorkspace(
  engine: ContentEngine,
  viewer: Viewer,
  slug: string,
  later: readonly DemoEdit[],
): Promise<void> {
  const { workspaces } = engine.store;
  if (await workspaces.getBySlug(slug)) return;
  const files = await readDemoFiles(slug);
  for (const { path, before, after } of later.filter((edit) => edit.slug === slug))
    files.set(path, edited(files.get(path), path, after, before));
  const path = findPart(files.keys(), "index");
  const bytes = path === undefined ? undefined : files.get(path);
  invariant(path !== undefined && bytes, `the demo's ${slug} has an index.yml`);
  const { id, name = slug, description, labels = [] } = readIndex(bytes, path);
  invariant(id !== undefined, `the demo's ${slug} has an id`);
  await workspaces.create({
    id,
    name,
    slug,
    labels,
    userId: viewer.user.id,
    contents: contentsOf(files),
    events: [newEvent(viewer, "workspaces.created", id, { workspace: { id, name, slug } })],
    ...(description === undefined ? {} : { description }),
  });
  const app = own(DEMO_APPS, slug);
  if (app !== undefined) await publishApp(engine, viewer, { workspaceId: id, slug: app });
}

async function currentBytes(
  engine: ContentEngine,
  workspace: WorkspaceRecord,
  path: string,
): Promise<Uint8Array | undefined> {
  const { workspaces } = engine.store;
  const files = (await workspaces.files([workspace.id])).get(workspace.id) ?? [];
  const file = files.find((one) => one.path === path);
  return file && (await workspaces.readObjects([file.oid])).get(file.oid)?.bytes;
}

/** Makes edits one after the other, as someone working in the console would; those made before are skipped. */
export async function editDemoWorkspaces(
  engine: ContentEngine,
  viewer: Viewer,
  edits: readonly DemoEdit[],
): Promise<void> {
  for (const { slug, path, before, after } of edits) {
    const workspace = await engine.store.workspaces.getBySlug(slug);
    const bytes = workspace && (await currentBytes(engine, workspace, path));
    // A start that was cut off may have got this far, and someone may have worked here since.
    if (!workspace || !bytes || !new TextDecoder().decode(bytes).includes(before)) continue;
    await applyEdits(engine, viewer, workspace.id, new Map([[path, edited(bytes, path, before, after)]]));
  }
}
