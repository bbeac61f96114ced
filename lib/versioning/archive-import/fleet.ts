import { AppError } from "@/lib/domain/error";
import type { ImportError, ImportWarning } from "@/lib/domain/version";
import type { PublishedApp } from "@/lib/domain/workspace";
import { orderByDependencies } from "../bulk-import/order";
import { lockForImport } from "../import-lock";
import type { Ports, WorkspaceRecord } from "../ports";
import { freeId } from "../pull/create-imported";
import { createFromArchive, importArchive } from "./index";
import type { ArchiveOutcome } from "./index";
import { matchSources, type ArchiveMatch, type ArchiveMatches } from "./match";
import type { ArchiveSource } from "./source";

/** What became of the workspaces of one archive. Paths begin with the workspace's folder. */
export interface FleetOutcome {
  imported: string[];
  deleted: string[];
  excluded: string[];
  errors: ImportError[];
  warnings: ImportWarning[];
  createdWorkspaceIds: string[];
  updatedWorkspaceIds: string[];
  publishedApps: PublishedApp[];
  workspaces: Row[];
}

interface Row {
  id?: string;
  slug: string;
  name: string;
  status: "created" | "updated" | "skipped" | "error";
  /** How the workspace of an updated folder was found. */
  matchedBy?: ArchiveMatch["by"] | undefined;
}

export interface FleetInput {
  sources: readonly ArchiveSource[];
  /** What the archive also holds and nobody asked for; named in the result. */
  skipped?: readonly ArchiveSource[];
  prune: boolean;
  /** What is known of the archive as a whole. */
  warnings?: readonly ImportWarning[];
  errors?: readonly ImportError[];
}

function refuseForeign(ports: Ports, record: WorkspaceRecord, { folder }: ArchiveSource): void {
  if (ports.actor.may("update", record.id)) return;
  throw new AppError(
    "PermissionDenied",
    `${folder} is here already, and you do not have permission to change it. Ask its owner, or import it on its own as a new workspace.`,
  );
}

type ImportedOne = ArchiveOutcome & Pick<Row, "matchedBy"> & { status: "created" | "updated" };

async function importOne(
  ports: Ports,
  { prune }: FleetInput,
  source: ArchiveSource,
  { found, refused }: ArchiveMatches,
): Promise<ImportedOne> {
  const refusal = refused.get(source);
  if (refusal) throw refusal;
  const { record, by: matchedBy } = found.get(source) ?? {};
  if (!record) {
    const id = await freeId(ports, source.manifest, source.index);
    return { ...(await createFromArchive(ports, { source, id })), status: "created" };
  }
  refuseForeign(ports, record, source);
  const lease = await lockForImport(ports, record.id);
  try {
    return { ...(await importArchive(ports, { lease, source, prune })), status: "updated", matchedBy };
  } finally {
    await ports.locks.release([lease]);
  }
}

function inOrder(sources: readonly ArchiveSource[]): ArchiveSource[] {
  return orderByDependencies(
    sources.map((source) => ({
      slug: source.folder,
      app: source.manifest?.app?.slug,
      dependsOn: source.manifest?.dependsOn ?? [],
      source,
    })),
  ).ordered.map(({ source }) => source);
}

/**
 * Brings in every workspace of an archive, each after those it depends on, each as a whole or not at all. One that
 * fails is named in the result and does not stop the rest.
 */
export async function importFleet(ports: Ports, input: FleetInput): Promise<FleetOutcome> {
  const total: FleetOutcome = {
    imported: [],
    deleted: [],
    excluded: [],
    errors: [...(input.errors ?? [])],
    warnings: [...(input.warnings ?? [])],
    createdWorkspaceIds: [],
    updatedWorkspaceIds: [],
    publishedApps: [],
    workspaces: (input.skipped ?? []).map(({ folder, index }) => ({
      slug: folder,
      name: index.name ?? folder,
      status: "skipped",
    })),
  };
  const matches = await matchSources(ports, [...input.sources, ...(input.skipped ?? [])]);
  for (const source of inOrder(input.sources)) {
    ports.signal.throwIfAborted();
    const { folder } = source;
    try {
      add(total, folder, await importOne(ports, input, source, matches));
    } catch (error) {
      if (ports.signal.aborted || !(error instanceof AppError)) throw error;
      total.errors.push({ ...error.details, err: error.code, msg: error.message, workspaceSlug: folder });
      total.workspaces.push({ slug: folder, name: source.index.name ?? folder, status: "error" });
    }
  }
  return total;
}

function add(total: FleetOutcome, folder: string, one: ImportedOne): void {
  const inside = (paths: readonly string[]) => paths.map((path) => `${folder}/${path}`);
  total.imported.push(...inside(one.imported));
  total.deleted.push(...inside(one.deleted));
  total.excluded.push(...inside(one.excluded));
  total.errors.push(...one.errors.map((error) => ({ ...error, workspaceSlug: folder })));
  total.warnings.push(...one.warnings.map((warning) => ({ ...warning, path: `${folder}/${warning.path}` })));
  (one.status === "created" ? total.createdWorkspaceIds : total.updatedWorkspaceIds).push(one.workspaceId);
  total.publishedApps.push(...one.publishedApps);
  const { workspaceId: id, name, status, matchedBy } = one;
  total.workspaces.push({ id, slug: folder, name, status, ...(matchedBy ? { matchedBy } : {}) });
}
