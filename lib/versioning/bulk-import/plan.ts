import { breathe, mapInSlices } from "@/lib/archive/pace";
import type { BulkImportStatus } from "@/lib/domain/bulk";
import { AppError } from "@/lib/domain/error";
import type { KnownManifest } from "@/lib/domain/manifest";
import type { Oid } from "@/lib/domain/workspace";
import type { Ports, RepositorySession, RepositoryState, WorkspaceRecord } from "../ports";
import { discover } from "./discover";
import type { Discovered, Warning } from "./discover";
import { orderByDependencies } from "./order";

export interface PlannedImport {
  source: Discovered;
  /** The workspace here that it updates; null: it will be created. */
  record: WorkspaceRecord | null;
  state: RepositoryState | undefined;
  status: Extract<BulkImportStatus, "create" | "update" | "skip">;
  /** The version's name is the one held here, but the content is not. */
  contentDiffers: boolean;
  reason?: string;
}

export interface BulkImportPlan {
  /** Tip of the branch that everything is read from. */
  commit: Oid;
  /** In the order of import. */
  items: PlannedImport[];
  /** Every directory of the repository, of whatever group. */
  names: ReadonlySet<string>;
  cycles: string[][];
  warnings: Warning[];
}

function decide(
  source: Discovered,
  record: WorkspaceRecord | null,
  state: RepositoryState | undefined,
  force: boolean,
): PlannedImport {
  const base = { source, record, state, contentDiffers: false };
  if (!record) return { ...base, status: "create" };
  const same = state?.remoteSubtree === source.subtree;
  const held =
    source.versionName === undefined
      ? same && record.lastPull !== undefined
      : record.lastPull?.version === source.versionName;
  if (!held || force) return { ...base, status: "update" };
  const contentDiffers = state !== undefined && !same;
  const name = source.versionName ?? "This content";
  return { ...base, status: "skip", contentDiffers, reason: `${name} is here already.` };
}

/** Warns of apps that neither the repository nor this instance provides. */
async function missingApps(
  ports: Ports,
  missing: readonly { slug: string; app: string }[],
): Promise<Warning[]> {
  const known = new Map<string, boolean>();
  for (const { app } of missing)
    if (!known.has(app)) known.set(app, (await ports.workspaces.app(app)) !== null);
  return missing
    .filter(({ app }) => !known.get(app))
    .map(({ slug, app }) => ({
      slug,
      message: `It depends on app/${app}, which neither this repository nor this instance provides.`,
    }));
}

async function matches(
  ports: Ports,
  found: readonly Discovered[],
): Promise<Map<Discovered, WorkspaceRecord>> {
  const bySlug = new Map(
    (await ports.workspaces.find({ slugs: found.map(({ slug }) => slug) })).map((record) => [
      record.slug,
      record,
    ]),
  );
  const ids = found.flatMap(({ slug, manifest }) => (bySlug.has(slug) ? [] : (manifest?.workspaceId ?? [])));
  const byId = new Map((await ports.workspaces.find({ ids })).map((record) => [record.id, record]));
  const taken = new Set([...bySlug.values()].map(({ id }) => id));
  const result = new Map<Discovered, WorkspaceRecord>();
  for (const source of found) {
    await breathe();
    const record = bySlug.get(source.slug) ?? byId.get(source.manifest?.workspaceId ?? "");
    if (!record || (!bySlug.has(source.slug) && taken.has(record.id))) continue;
    taken.add(record.id);
    result.set(source, record);
  }
  return result;
}

async function refuseWithoutRight(ports: Ports, records: Iterable<WorkspaceRecord>): Promise<void> {
  const looked = await mapInSlices(records, (record) => (ports.actor.may("update", record.id) ? [] : record));
  const refused = looked.flat();
  if (refused.length === 0) return;
  // Only what they may see is named; of the others the number alone.
  const slugs = refused.filter(({ id }) => ports.actor.may("read", id)).map(({ slug }) => slug);
  const named = slugs.length > 0 ? `, among them ${slugs.slice(0, 10).join(", ")}` : "";
  throw new AppError(
    "PermissionDenied",
    `This import would change ${String(refused.length)} workspaces you may not update${named}. Ask their owners, or choose other groups.`,
    { count: refused.length, slugs },
  );
}

/** What an import would do, in order. Throws NotFound without the branch, PermissionDenied, and the remote's failures. */
export async function planBulkImport(
  ports: Ports,
  session: RepositorySession,
  request: {
    groups: readonly string[] | undefined;
    forceReimport: boolean;
    /** What is known of directories by the id of their tree. */
    known: ReadonlyMap<Oid, KnownManifest>;
  },
): Promise<BulkImportPlan> {
  const { repository } = session;
  const commit = session.ref(`refs/heads/${repository.branch}`);
  if (commit === null) {
    throw new AppError(
      "NotFound",
      `The repository ${repository.name} has no branch ${repository.branch} yet. Push to it first, or check the branch's name.`,
      { branch: repository.branch },
    );
  }
  const { found, names, warnings } = await discover(session, commit, request.known);
  const { groups } = request;
  const chosen = groups
    ? found.filter(({ manifest }) => manifest?.groups.some((group) => groups.includes(group)))
    : found;
  const { ordered, cycles, missing } = orderByDependencies(
    chosen.map((source) => ({
      source,
      slug: source.slug,
      app: source.manifest?.app?.slug,
      dependsOn: source.manifest?.dependsOn ?? [],
    })),
  );
  await breathe();
  const records = await matches(ports, chosen);
  await refuseWithoutRight(ports, records.values());
  const states = await ports.workspaces.states(
    repository.id,
    [...records.values()].map(({ id }) => id),
  );
  return {
    commit,
    items: await mapInSlices(ordered, ({ source }) => {
      const record = records.get(source) ?? null;
      return decide(source, record, record ? states.get(record.id) : undefined, request.forceReimport);
    }),
    names,
    cycles,
    warnings: [...warnings, ...(await missingApps(ports, missing))],
  };
}
