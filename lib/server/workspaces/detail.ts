import type { WorkspaceDetail } from "@/lib/domain/wire/api";
import type { Part } from "@/lib/domain/wire/contents";
import { AppError } from "@/lib/domain/error";
import { classifyPath } from "@/lib/domain/path";
import type { WorkspaceFile } from "@/lib/domain/workspace";
import { findPart } from "@/lib/archive/contents";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Grants } from "../access";
import { platformSummaries } from "../repositories/list";
import { withSurfaces } from "./contents/apps";
import { fieldsOf } from "./contents/change";
import { partsOf, toPart, type PartKind } from "./contents/read-parts";
import { hideCredentials } from "./edits/credentials";
import { summarizeOne, type ReadEngine } from "./summary";

type Document = Record<string, unknown>;

function isMap(value: unknown): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readIndexFields(contents: ReadonlyMap<string, Uint8Array>): Document {
  const path = findPart(contents.keys(), "index");
  const bytes = path === undefined ? undefined : contents.get(path);
  if (path === undefined || !bytes) return {};
  try {
    return fieldsOf(bytes, path);
  } catch (error) {
    // An unreadable index must not hide the rest of the workspace.
    if (error instanceof AppError) return {};
    throw error;
  }
}

/** The parsed files of a workspace, by what they are and by slug. */
async function readParts(engine: ReadEngine, files: readonly WorkspaceFile[]) {
  const wanted = files.filter(({ path }) => !["other", "security"].includes(classifyPath(path).kind));
  const objects = await engine.store.workspaces.readObjects(wanted.map(({ oid }) => oid));
  const contents = new Map(
    wanted.map(({ path, oid }) => [path, objects.get(oid)?.bytes ?? new Uint8Array()]),
  );
  const listed = async (kind: PartKind) => [...(await partsOf(kind, wanted, contents)).values()].map(toPart);
  return {
    index: readIndexFields(contents),
    automations: await listed("automations"),
    pages: await listed("pages"),
    imports: await listed("imports"),
  };
}

function bySlug<T extends Part>(parts: readonly T[]): Record<string, T> {
  // Names of JavaScript's own objects are slugs like any other.
  return Object.fromEntries(parts.map((part) => [part.slug, part]));
}

function dependenciesOn(imports: readonly Document[]): string[] {
  const apps = imports.flatMap(({ appSlug }) =>
    typeof appSlug === "string" && appSlug ? [`app/${appSlug}`] : [],
  );
  return [...new Set(apps)].sort();
}

/** `GET /v2/workspaces/{id}`: the record, its parsed files, and what the viewer may do. */
export async function workspaceDetail(
  engine: ReadEngine,
  workspace: WorkspaceRecord,
  grants: Grants,
): Promise<WorkspaceDetail> {
  const files = (await engine.store.workspaces.files([workspace.id])).get(workspace.id) ?? [];
  const [summary, parts] = await Promise.all([summarizeOne(engine, workspace), readParts(engine, files)]);
  const { index } = parts;
  const repositories = isMap(index.repositories) ? index.repositories : {};
  const imports = await withSurfaces(engine, grants, parts.imports);
  const secrets = isMap(index.secrets) && isMap(index.secrets.schema) ? { schema: index.secrets.schema } : {};
  return {
    ...summary,
    revision: workspace.revision,
    tree: workspace.tree,
    customDomains: workspace.customDomains,
    ...(isMap(index.config) ? { config: index.config } : {}),
    blocks: isMap(index.blocks) ? index.blocks : {},
    secrets,
    automations: bySlug(parts.automations),
    pages: bySlug(parts.pages),
    imports: bySlug(imports),
    dependsOn: dependenciesOn(imports),
    repositories: Object.fromEntries(
      Object.entries(repositories).map(([id, repository]) => [id, hideCredentials(repository)]),
    ),
    platformRepositories: Object.fromEntries(
      platformSummaries(engine).map(({ id, ...facts }) => [id, facts]),
    ),
    permissions: grants.actions(workspace.id),
  };
}
