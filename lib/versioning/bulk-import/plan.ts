import { breathe, mapInSlices } from "@/lib/runtime/pace";
import type { BulkImportStatus, MatchedBy } from "@/lib/domain/bulk";
import { AppError } from "@/lib/domain/error";
import type { KnownManifest } from "@/lib/domain/manifest";
import type { Oid } from "@/lib/domain/workspace";
import type { KnownFolder, Ports, RepositorySession, RepositoryState, WorkspaceRecord } from "../ports";
import { discover } from "./discover";
import type { Discovered, Warning } from "./discover";
import { matchFolders, type Match } from "./matching/match";
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
  /** How `record` was found. */
  matchedBy?: MatchedBy;
  /** Why it is not imported. */
  refused?: AppError;
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
  const moved = state !== undefined && state.directory !== source.directory;
  const held =
    source.versionName === undefined
      ? same && record.lastPull !== undefined
      : record.lastPull?.version === source.versionName;
  if (!held || moved || force) return { ...base, status: "update" };
  const contentDiffers = state !== undefined && !same;
  const name = source.versionName ?? "This content";
  return { ...base, status: "skip", contentDiffers, reason: `${name} already exists.` };
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

async function refuseWithoutRight(ports: Ports, records: Iterable<WorkspaceRecord>): Promise<void> {
  const looked = await mapInSlices(records, (record) => (ports.actor.may("update", record.id) ? [] : record));
  const refused = looked.flat();
  if (refused.length === 0) return;
  // Only what they may see is named; of the others the number alone.
  const slugs = refused.filter(({ id }) => ports.actor.may("read", id)).map(({ slug }) => slug);
  const named = slugs.length > 0 ? `, among them ${slugs.slice(0, 10).join(", ")}` : "";
  throw new AppError(
    "PermissionDenied",
    `This import would change ${String(refused.length)} workspaces that you do not have permission to update${named}. Ask their owners, or choose other groups.`,
    { count: refused.length, slugs },
  );
}

function manifestsByTree(folders: readonly KnownFolder[]): Map<Oid, KnownManifest> {
  return new Map(
    folders.flatMap(({ remoteSubtree, manifest }) =>
      remoteSubtree !== null && manifest !== null ? [[remoteSubtree, manifest] as const] : [],
    ),
  );
}

function strangerIn(repository: string, { directory }: Discovered, { record, claimedBy }: Match): AppError {
  return new AppError(
    "DirectoryAlreadyInUse",
    `The folder ${directory} of ${repository} was that of ${record.name} (${record.slug}), and its manifest now names another workspace, id ${claimedBy ?? ""}; it was not imported. Move that folder in git, or, if it shall replace ${record.slug}, name it in otherWorkspaceIds.`,
    { directory, otherWorkspaceId: claimedBy, workspaceId: record.id },
  );
}

/** What an import would do, in order. Throws NotFound without the branch, PermissionDenied, and the remote's failures. */
export async function planBulkImport(
  ports: Ports,
  session: RepositorySession,
  request: {
    groups: readonly string[] | undefined;
    forceReimport: boolean;
    /** What is known of the repository's folders. */
    folders: readonly KnownFolder[];
    otherWorkspaceIds: readonly string[];
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
  const { found, names, warnings } = await discover(session, commit, manifestsByTree(request.folders));
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
  const matches = await matchFolders(ports, session, { ...request, found, chosen });
  const records = [...matches.values()].map(({ record }) => record);
  await refuseWithoutRight(ports, records);
  const states = await ports.workspaces.states(
    repository.id,
    records.map(({ id }) => id),
  );
  return {
    commit,
    items: await mapInSlices(ordered, ({ source }) => {
      const match = matches.get(source);
      const record = match?.record ?? null;
      const item = decide(source, record, record ? states.get(record.id) : undefined, request.forceReimport);
      if (!match) return item;
      const refused = match.claimedBy === null ? {} : { refused: strangerIn(repository.name, source, match) };
      return {
        ...item,
        matchedBy: match.by,
        ...(match.claimedBy === null ? {} : { status: "update" }),
        ...refused,
      };
    }),
    names,
    cycles,
    warnings: [...warnings, ...(await missingApps(ports, missing))],
  };
}
