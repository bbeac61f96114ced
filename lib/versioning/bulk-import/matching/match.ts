import { breathe } from "@/lib/runtime/pace";
import type { MatchedBy } from "@/lib/domain/bulk";
import { Slug } from "@/lib/domain/workspace";
import { knownAs } from "../../folders/claim";
import { homeOf } from "../../folders/home";
import type { KnownFolder, Ports, RepositorySession, WorkspaceRecord } from "../../ports";
import { indexSlugs, type Discovered } from "../discover";

export interface Match {
  record: WorkspaceRecord;
  by: MatchedBy;
  /** The id of another workspace that the folder's manifest names, where nothing says that it is the same. */
  claimedBy: string | null;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Finds the workspaces here that the folders of a repository belong to. */
class Matcher {
  readonly result = new Map<Discovered, Match>();
  readonly #taken = new Set<string>();
  readonly #folderOf: ReadonlyMap<string, KnownFolder>;
  readonly #called: ReadonlyMap<string, string>;
  readonly #idsThere: ReadonlySet<string>;
  readonly #directories: ReadonlySet<string>;

  constructor(
    private readonly session: RepositorySession,
    found: readonly Discovered[],
    folders: readonly KnownFolder[],
    private readonly records: ReadonlyMap<string, WorkspaceRecord>,
    private readonly named: ReadonlySet<string>,
  ) {
    this.#folderOf = new Map(folders.map((folder) => [folder.workspaceId, folder]));
    this.#called = new Map(
      folders.flatMap(({ manifest, workspaceId }) => {
        const called = knownAs(manifest);
        return called === undefined ? [] : [[called, workspaceId] as const];
      }),
    );
    this.#directories = new Set(found.map(({ directory }) => directory));
    this.#idsThere = new Set(found.flatMap(({ manifest }) => manifest?.workspaceId ?? []));
  }

  async phase(
    by: MatchedBy,
    sources: readonly Discovered[],
    candidates: (source: Discovered) => readonly (WorkspaceRecord | undefined)[],
  ): Promise<void> {
    for (const source of sources) {
      await breathe();
      if (this.result.has(source)) continue;
      for (const record of candidates(source)) {
        if (!record || this.#taken.has(record.id)) continue;
        const claim = this.#claim(source, record);
        if (claim === "elsewhere") continue;
        this.#taken.add(record.id);
        this.result.set(source, { record, by, claimedBy: claim });
        break;
      }
    }
  }

  /** Those of these folders' workspaces whose slug leads elsewhere by now, or does not. */
  lastIn(folders: readonly KnownFolder[], renamed: boolean): WorkspaceRecord[] {
    return folders.flatMap((folder) => {
      const record = this.records.get(folder.workspaceId);
      if (!record) return [];
      const isElsewhere = homeOf(this.session.repository, record.slug, folder) !== folder.directory;
      return renamed === isElsewhere ? [record] : [];
    });
  }

  /** The workspace of this id, or the one that the repository is known to call so. */
  byId(id: string | undefined): WorkspaceRecord | undefined {
    if (id === undefined) return undefined;
    return this.records.get(id) ?? this.records.get(this.#called.get(id) ?? "");
  }

  /** Whether a folder can be this workspace's: null if so, the id of a stranger who claims it, or `elsewhere`. */
  #claim({ manifest, directory }: Discovered, record: WorkspaceRecord): string | null {
    const id = manifest?.workspaceId;
    const last = this.#folderOf.get(record.id);
    const called = knownAs(last?.manifest);
    if (id === record.id || (id !== undefined && id === called)) return null;
    const owner = this.byId(id);
    const isElsewhere =
      this.#idsThere.has(record.id) ||
      (called !== undefined && this.#idsThere.has(called)) ||
      (last !== undefined && last.directory !== directory && this.#directories.has(last.directory));
    if ((owner && owner.id !== record.id) || isElsewhere) return "elsewhere";
    return id === undefined || called === undefined || this.named.has(id) ? null : id;
  }
}

/**
 * The workspace here of each folder: the one that was last met in it, one that was and has been renamed here since, the one
 * that its manifest names, and then the one of that slug. A folder whose manifest names another workspace of this
 * instance is that one's alone, and each workspace has one folder.
 */
export async function matchFolders(
  ports: Ports,
  session: RepositorySession,
  input: {
    /** All folders of the repository, and those to be imported. */
    found: readonly Discovered[];
    chosen: readonly Discovered[];
    folders: readonly KnownFolder[];
    /** Ids that may take the place of a workspace here, because somebody said so. */
    otherWorkspaceIds: readonly string[];
  },
): Promise<Map<Discovered, Match>> {
  const { found, chosen, folders } = input;
  const directories = new Set(chosen.map(({ directory }) => directory));
  const ids = new Set(chosen.flatMap(({ manifest }) => manifest?.workspaceId ?? []));
  const known = folders.filter(
    ({ directory, manifest }) => directories.has(directory) || ids.has(knownAs(manifest) ?? ""),
  );
  const here = await ports.workspaces.find({ ids: [...ids, ...known.map(({ workspaceId }) => workspaceId)] });
  const records = new Map(here.map((record) => [record.id, record]));
  const inDirectory = groupBy(known, ({ directory }) => directory);
  const lastIn = ({ directory }: Discovered, renamed: boolean) =>
    matcher.lastIn(inDirectory.get(directory) ?? [], renamed);
  const matcher = new Matcher(session, found, folders, records, new Set(input.otherWorkspaceIds));
  await matcher.phase("folder", chosen, (source) => lastIn(source, false));
  await matcher.phase("formerFolder", chosen, (source) => lastIn(source, true));
  await matcher.phase("id", chosen, ({ manifest }) => [matcher.byId(manifest?.workspaceId)]);
  const left = chosen.filter((source) => !matcher.result.has(source));
  if (left.length === 0) return matcher.result;
  const slugs = await indexSlugs(session, left);
  const wanted = new Set([...left.map(({ slug }) => slug), ...slugs.values()]);
  const bySlug = new Map(
    (await ports.workspaces.find({ slugs: [...wanted].filter((slug) => Slug.safeParse(slug).success) })).map(
      (record) => [record.slug, record],
    ),
  );
  const slugOf = (source: Discovered) => slugs.get(source) ?? source.slug;
  // A folder of the slug's own name before one that only says so, and what it says before what it is called.
  await matcher.phase("slug", left, (source) =>
    slugOf(source) === source.slug ? [bySlug.get(source.slug)] : [],
  );
  await matcher.phase("slug", left, (source) => [bySlug.get(slugOf(source)), bySlug.get(source.slug)]);
  return matcher.result;
}
