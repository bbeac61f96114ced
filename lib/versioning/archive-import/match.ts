import type { MatchedBy } from "@/lib/domain/bulk";
import { AppError } from "@/lib/domain/error";
import { slugify } from "@/lib/domain/workspace";
import type { Ports, WorkspaceRecord } from "../ports";
import type { ArchiveSource } from "./source";

export interface ArchiveMatch {
  record: WorkspaceRecord;
  by: Extract<MatchedBy, "id" | "slug">;
}

export interface ArchiveMatches {
  /** The workspaces here of the archive's folders, one each; the others are new. */
  found: ReadonlyMap<ArchiveSource, ArchiveMatch>;
  /** Why folders that are neither here nor new are not imported. */
  refused: ReadonlyMap<ArchiveSource, AppError>;
}

function slugOf({ folder, index }: ArchiveSource): string {
  return index.slug ?? slugify(folder || "workspace");
}

/**
 * The workspace here of each folder: the one that its manifest names, then the one of the slug that `index.yml` gives or of the
 * folder's name, and last the id in `index.yml`, which may be that of an original. Of two folders that could be the same workspace
 * the one whose slug says so is.
 */
export async function matchSources(
  { workspaces }: Pick<Ports, "workspaces">,
  sources: readonly ArchiveSource[],
): Promise<ArchiveMatches> {
  const found = new Map<ArchiveSource, ArchiveMatch>();
  const taken = new Set<string>();
  const ordered = [...sources].sort((a, b) => (a.folder < b.folder ? -1 : 1));
  const phase = async (
    by: ArchiveMatch["by"],
    candidate: (source: ArchiveSource) => Promise<WorkspaceRecord | null>,
    fits: (source: ArchiveSource, record: WorkspaceRecord) => boolean = () => true,
  ) => {
    for (const source of ordered) {
      if (found.has(source)) continue;
      const record = await candidate(source);
      if (!record || taken.has(record.id) || !fits(source, record)) continue;
      taken.add(record.id);
      found.set(source, { record, by });
    }
  };
  const withId = async (id: string | undefined) => (id === undefined ? null : workspaces.get(id));
  const named = ({ manifest }: ArchiveSource) => withId(manifest?.workspaceId);
  const isCalled = (source: ArchiveSource, { slug }: WorkspaceRecord) => slug === source.folder;
  await phase("id", named, isCalled);
  await phase("id", named, (source, { slug }) => slug === slugOf(source));
  await phase("id", named);
  await phase("slug", (source) => workspaces.getBySlug(slugOf(source)), isCalled);
  await phase("slug", (source) => workspaces.getBySlug(slugOf(source)));
  await phase("slug", ({ folder }) => workspaces.getBySlug(folder));
  await phase("id", ({ index }) => withId(index.id));
  return { found, refused: refusedTwins(ordered, found) };
}

/** Of new folders that give the slug of another one, all but the first: each import would make one more workspace of them. */
function refusedTwins(
  sources: readonly ArchiveSource[],
  found: ReadonlyMap<ArchiveSource, ArchiveMatch>,
): Map<ArchiveSource, AppError> {
  const owners = new Map([...found.keys()].map((source) => [slugOf(source), source]));
  const refused = new Map<ArchiveSource, AppError>();
  const byName = (source: ArchiveSource) => Number(slugOf(source) !== source.folder);
  for (const source of [...sources].sort((a, b) => byName(a) - byName(b))) {
    const slug = slugOf(source);
    const owner = owners.get(slug);
    if (!owner) owners.set(slug, source);
    else if (!found.has(source) && owner !== source) {
      const message = `The folders ${owner.folder} and ${source.folder} of the archive both have the slug ${slug}; ${source.folder} was not imported. Give it another slug in its index.yml, or leave it out.`;
      refused.set(source, new AppError("SlugAlreadyInUse", message, { folder: source.folder, slug }));
    }
  }
  return refused;
}
