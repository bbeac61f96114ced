import type { WorkspaceDetail } from "@/lib/domain/wire/api";
import type { Part } from "@/lib/domain/wire/contents";
import { AppError } from "@/lib/domain/error";
import { classifyPath } from "@/lib/domain/path";
import type { WorkspaceFile } from "@/lib/domain/workspace";
import { parseStructured } from "@/lib/archive/yaml";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Grants } from "../access";
import { platformSummaries } from "../repositories/list";
import { withSurfaces } from "./contents/apps";
import { hideCredentials } from "./edits/credentials";
import { summarizeOne, type ReadEngine } from "./summary";

type Document = Record<string, unknown>;

function isMap(value: unknown): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readDocument(bytes: Uint8Array, path: string): Document {
  try {
    const value = parseStructured(bytes, path);
    return isMap(value) ? value : {};
  } catch (error) {
    // One unreadable file must not hide the rest; it says so in its own place.
    if (error instanceof AppError) return { unreadable: error.message };
    throw error;
  }
}

/** The parsed files of a workspace, by what they are and by slug. */
async function readParts(engine: ReadEngine, files: readonly WorkspaceFile[]) {
  const parts = files.map((file) => ({ file, part: classifyPath(file.path) }));
  const wanted = parts.filter(({ part }) => part.kind !== "other" && part.kind !== "security");
  const objects = await engine.store.workspaces.readObjects(wanted.map(({ file }) => file.oid));
  // Without a prototype: a slug such as `constructor` is one like any other.
  const bySlug = () => Object.create(null) as Document;
  const read = { index: {} as Document, automations: bySlug(), pages: bySlug(), imports: bySlug() };
  for (const { file, part } of wanted) {
    const document = readDocument(objects.get(file.oid)?.bytes ?? new Uint8Array(), file.path);
    if (part.kind === "index") read.index = document;
    if (!("slug" in part)) continue;
    const slug = typeof document.slug === "string" && document.slug ? document.slug : part.slug;
    const entry = { slug, ...document };
    read[part.kind][slug] ??= entry;
  }
  return read;
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
  const imports = await withSurfaces(engine, grants, Object.values(parts.imports) as Part[]);
  const secrets = isMap(index.secrets) && isMap(index.secrets.schema) ? { schema: index.secrets.schema } : {};
  return {
    ...summary,
    revision: workspace.revision,
    tree: workspace.tree,
    customDomains: workspace.customDomains,
    ...(isMap(index.config) ? { config: index.config } : {}),
    blocks: isMap(index.blocks) ? index.blocks : {},
    secrets,
    automations: parts.automations as WorkspaceDetail["automations"],
    pages: parts.pages as WorkspaceDetail["pages"],
    imports: Object.fromEntries(imports.map((instance) => [instance.slug, instance])),
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
