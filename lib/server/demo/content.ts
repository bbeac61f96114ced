import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { findPart, readIndex } from "@/lib/archive/contents";
import { buildTree, hashObject } from "@/lib/archive/objects";
import { invariant } from "@/lib/domain/error";
import type { NewEvent } from "@/lib/domain/event";
import { LIMITS, MANIFEST_PATH, parseWorkspacePath } from "@/lib/domain/path";
import type { Oid, WorkspaceFile } from "@/lib/domain/workspace";
import type { GitObject, NewContents, WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../engine";
import type { Viewer } from "../viewer";
import { demoFolder } from "./environment";
import { DEMO_APPS, type DemoEdit } from "./fleet";

type Files = Map<string, Uint8Array>;

function source(viewer: Viewer): NewEvent["source"] {
  return { userId: viewer.user.id, correlationId: viewer.correlationId };
}

/** The content made of these files, as the database takes it. */
function contentsOf(files: Files): NewContents {
  const objects = new Map<Oid, GitObject>();
  const entries = [...files].map(([path, bytes]): WorkspaceFile => {
    invariant(bytes.length <= LIMITS.fileBytes, `the demo's ${path} is within the limits`);
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

function applyEdit(files: Files, path: string, before: string, after: string): void {
  const bytes = files.get(path);
  const text = new TextDecoder().decode(bytes);
  invariant(text.includes(before), `the demo's edit of ${path} finds its place`);
  files.set(path, new TextEncoder().encode(text.replace(before, () => after)));
}

/** Creates one workspace as it was before `later` edits, and publishes its app; an existing one is left alone. */
export async function createDemoWorkspace(
  engine: Engine,
  viewer: Viewer,
  slug: string,
  later: readonly DemoEdit[],
): Promise<void> {
  const { workspaces } = engine.store;
  if (await workspaces.getBySlug(slug)) return;
  const files = await readDemoFiles(slug);
  for (const edit of later) if (edit.slug === slug) applyEdit(files, edit.path, edit.after, edit.before);
  const path = findPart(files.keys(), "index");
  const bytes = path === undefined ? undefined : files.get(path);
  invariant(path !== undefined && bytes, `the demo's ${slug} has an index.yml`);
  const { id, name = slug, description, labels = [] } = readIndex(bytes, path);
  invariant(id !== undefined, `the demo's ${slug} has an id`);
  const event = (type: string, payload: Record<string, unknown>): NewEvent => ({
    type,
    workspaceId: id,
    payload,
    source: source(viewer),
  });
  await workspaces.create({
    id,
    name,
    slug,
    labels,
    userId: viewer.user.id,
    contents: contentsOf(files),
    events: [event("workspaces.created", { workspace: { id, name, slug } })],
    ...(description === undefined ? {} : { description }),
  });
  const app = DEMO_APPS[slug];
  if (app === undefined) return;
  await workspaces.write([
    {
      workspaceId: id,
      guard: {},
      userId: viewer.user.id,
      app: { slug: app, name, ...(description === undefined ? {} : { description }) },
      events: [event("apps.published", { appSlug: app, workspaceId: id, name })],
    },
  ]);
}

async function currentFiles(engine: Engine, workspace: WorkspaceRecord): Promise<Files> {
  const { workspaces } = engine.store;
  const files = (await workspaces.files([workspace.id])).get(workspace.id) ?? [];
  const objects = await workspaces.readObjects(files.map((file) => file.oid));
  return new Map(
    files.map((file) => {
      const object = objects.get(file.oid);
      invariant(object, `the content of ${file.path} is stored`);
      return [file.path, object.bytes];
    }),
  );
}

const EVENT_TYPES: Record<string, string> = {
  automations: "workspaces.automations.updated",
  pages: "workspaces.pages.updated",
};

/** Applies edits to the workspaces they name, as someone working in the console would. */
export async function editDemoWorkspaces(
  engine: Engine,
  viewer: Viewer,
  edits: readonly DemoEdit[],
): Promise<void> {
  for (const edit of edits) {
    const workspace = await engine.store.workspaces.getBySlug(edit.slug);
    // Someone may have deleted or renamed it meanwhile: it is theirs.
    if (!workspace) continue;
    const files = await currentFiles(engine, workspace);
    applyEdit(files, edit.path, edit.before, edit.after);
    const folder = edit.path.split("/")[0] ?? "";
    await engine.store.workspaces.write([
      {
        workspaceId: workspace.id,
        guard: { revision: workspace.revision },
        userId: viewer.user.id,
        contents: contentsOf(files),
        events: [
          {
            type: EVENT_TYPES[folder] ?? "workspaces.updated",
            workspaceId: workspace.id,
            payload: { workspaceId: workspace.id, path: edit.path },
            source: source(viewer),
          },
        ],
      },
    ]);
  }
}
