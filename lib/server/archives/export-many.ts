import type { ExportRequest } from "@/lib/domain/wire/archives";
import { writeZip, type ZipInput } from "@/lib/archive/zip/write-zip";
import { dependenciesOf, isInstanceFile } from "@/lib/archive/manifest";
import { AppError } from "@/lib/domain/error";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import { grantsOf, readableWorkspaceIds } from "../access";
import type { Engine } from "../engine";
import type { Viewer } from "../viewer";
import { shownTo } from "../workspaces/edits/credentials";
import { listWorkspaceRecords } from "../workspaces/list";
import { archiveFiles } from "./archive-files";
import { CURRENT, type Export } from "./export";

type ExportEngine = Pick<Engine, "env" | "store">;

const PAGE = 500;
// What a zip archive can name without the zip64 format, which no import here takes.
const MAX_FILES = 0xffff;
/** The one top folder, under which each workspace has its own; tells such an archive from that of one workspace. */
const TOP = "workspaces";

async function matching(
  engine: ExportEngine,
  viewer: Viewer,
  { id, ids, slug, name, labels, search, dirty, owned, group }: ExportRequest["workspaces"]["query"],
): Promise<WorkspaceRecord[]> {
  const wanted = id ?? ids;
  const found: WorkspaceRecord[] = [];
  for (let page = 0; ; page++) {
    const records = await listWorkspaceRecords(engine, viewer, {
      ...(wanted ? { ids: wanted } : {}),
      ...(slug === undefined ? {} : { slug }),
      ...(name === undefined ? {} : { name }),
      ...(labels ? { labels } : {}),
      ...(search === undefined ? {} : { search }),
      ...(dirty === undefined ? {} : { dirty }),
      ...(owned === undefined ? {} : { owned }),
      ...(group === undefined ? {} : { group }),
      page,
      limit: PAGE,
      sort: "slug",
    });
    found.push(...records);
    if (records.length < PAGE) return found;
  }
}

async function appsOf(engine: ExportEngine, records: readonly WorkspaceRecord[]): Promise<Set<string>> {
  const files = await engine.store.workspaces.files(records.map(({ id }) => id));
  const instances = [...files.values()].flat().filter(isInstanceFile);
  const objects = await engine.store.workspaces.readObjects([...new Set(instances.map(({ oid }) => oid))]);
  return new Set(
    dependenciesOf(
      instances.map(({ path, oid }) => ({ path, bytes: objects.get(oid)?.bytes ?? new Uint8Array() })),
    ).map((app) => app.slice("app/".length)),
  );
}

/** These workspaces and those whose apps they need, and so on. */
async function withApps(
  engine: ExportEngine,
  viewer: Viewer,
  records: readonly WorkspaceRecord[],
): Promise<WorkspaceRecord[]> {
  const readable = await readableWorkspaceIds(engine, viewer);
  const published = new Map((await engine.store.workspaces.apps()).map((app) => [app.slug, app.workspaceId]));
  const all = new Map(records.map((record) => [record.id, record]));
  for (let next = [...records]; next.length > 0;) {
    const ids = [...(await appsOf(engine, next))].flatMap((slug) => published.get(slug) ?? []);
    const missing = ids.filter((id) => !all.has(id) && (readable?.includes(id) ?? true));
    next = missing.length > 0 ? await engine.store.workspaces.find({ ids: [...new Set(missing)] }) : [];
    for (const record of next) all.set(record.id, record);
  }
  return [...all.values()].sort((a, b) => (a.slug < b.slug ? -1 : 1));
}

/** Every workspace that matches and that the viewer may read, in one zip archive. Throws NotFound, TooLarge. */
export async function exportWorkspaces(
  engine: ExportEngine,
  viewer: Viewer,
  { workspaces: { query }, includeApps }: ExportRequest,
): Promise<Export> {
  const found = await matching(engine, viewer, query);
  if (found.length === 0)
    throw new AppError("NotFound", "No workspace that you can read matches this query. Try a wider one.");
  const records = includeApps ? await withApps(engine, viewer, found) : found;
  const exportedAt = new Date();
  const grants = await grantsOf(engine, viewer);
  const files = await engine.store.workspaces.files(records.map(({ id }) => id));
  const inputs = records.flatMap((record): ZipInput[] =>
    archiveFiles(engine, {
      folder: `${TOP}/${record.slug}`,
      record,
      files: files.get(record.id) ?? [],
      version: { name: CURRENT, exportedAt },
      shown: shownTo(grants, record.id),
    }),
  );
  if (inputs.length > MAX_FILES)
    throw new AppError(
      "TooLarge",
      `These ${String(records.length)} workspaces have ${String(inputs.length)} files; the limit for an archive is ${String(MAX_FILES)}. Narrow the query.`,
      { files: inputs.length, limit: MAX_FILES },
    );
  return { fileName: `${TOP}.zip`, stream: writeZip(inputs, exportedAt) };
}
