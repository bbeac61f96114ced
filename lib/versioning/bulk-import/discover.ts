import { findPart, readIndex } from "@/lib/archive/contents";
import { readHead } from "@/lib/archive/manifest";
import { breathe, mapInSlices } from "@/lib/runtime/pace";
import { AppError, invariant } from "@/lib/domain/error";
import type { KnownManifest, ManifestHead } from "@/lib/domain/manifest";
import { MANIFEST_PATH, workspacePathProblem } from "@/lib/domain/path";
import { repositoryRoot, workspaceDirectory } from "@/lib/domain/repository";
import { Slug } from "@/lib/domain/workspace";
import type { Oid } from "@/lib/domain/workspace";
import type { RepositorySession, TreeEntry } from "../ports";

/** A workspace as a platform repository holds it. */
export interface Discovered {
  slug: string;
  directory: string;
  subtree: Oid;
  /** Its files; null until `readEntries`, where all else was known without them. */
  entries: TreeEntry[] | null;
  manifest: ManifestHead | null;
  /** False when there is none; one that cannot be read is one. */
  hasManifest: boolean;
  /** The name in the manifest; undefined where nobody named the version. */
  versionName: string | undefined;
}

export interface Warning {
  slug: string;
  message: string;
}

export function entriesOf({ entries, slug }: Discovered): TreeEntry[] {
  invariant(entries !== null, `the files of ${slug} were read`);
  return entries;
}

/** Reads which files these workspaces have, all together. */
export async function readEntries(session: RepositorySession, sources: readonly Discovered[]): Promise<void> {
  const missing = sources.filter(({ entries }) => entries === null);
  if (missing.length === 0) return;
  await session.load(missing.map(({ subtree }) => subtree));
  for (const source of missing) source.entries = await session.entries(source.subtree);
}

function parseManifest(
  slug: string,
  bytes: Uint8Array | undefined,
  warnings: Warning[],
): ManifestHead | null {
  if (!bytes) return null;
  try {
    return readHead(bytes);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    warnings.push({ slug, message: `${error.message} The manifest was ignored.` });
    return null;
  }
}

/** The slugs that the `index.yml` of these folders give; one that cannot be read gives none. */
export async function indexSlugs(
  session: RepositorySession,
  sources: readonly Discovered[],
): Promise<Map<Discovered, string>> {
  await readEntries(session, sources);
  const indexes = sources.flatMap((source) => {
    const entries = entriesOf(source);
    const path = findPart(
      entries.map((entry) => entry.path),
      "index",
    );
    const oid = entries.find((entry) => entry.path === path)?.oid;
    return path !== undefined && oid ? [{ source, path, oid }] : [];
  });
  const blobs = await session.blobs([...new Set(indexes.map(({ oid }) => oid))]);
  const slugs = new Map<Discovered, string>();
  for (const { source, path, oid } of indexes) {
    const bytes = blobs.get(oid);
    try {
      const slug = bytes && readIndex(bytes, path).slug;
      if (slug !== undefined) slugs.set(source, slug);
    } catch (error) {
      // Its import will say what is wrong with it.
      if (!(error instanceof AppError)) throw error;
    }
    await breathe();
  }
  return slugs;
}

function refusal(source: Discovered, slugs: ReadonlyMap<Discovered, string>): string | null {
  const paths = entriesOf(source).map(({ path }) => path);
  if (findPart(paths, "index") === undefined)
    return "This folder has no index.yml, so it is not a workspace.";
  if (isSlug(source.slug) || (slugs.has(source) && workspacePathProblem(source.slug) === null)) return null;
  return "The directory's name is not a slug (lower-case letters, digits, hyphens), and its index.yml has none.";
}

function isSlug(name: string): boolean {
  return Slug.safeParse(name).success;
}

/**
 * Reads what every directory of the repository says of itself. Those that are known by the id of their tree need not
 * be looked into; the others come together, in one request for their trees and one for their manifests.
 */
export async function discover(
  session: RepositorySession,
  commit: Oid,
  known: ReadonlyMap<Oid, KnownManifest>,
): Promise<{ found: Discovered[]; names: Set<string>; warnings: Warning[] }> {
  const { repository } = session;
  const directories = await session.directories(commit, repositoryRoot(repository));
  const strangers: Discovered[] = [];
  const visible = [...directories].filter(([slug]) => !slug.startsWith("."));
  const listed = await mapInSlices(visible, ([slug, subtree]) => {
    const held = known.get(subtree);
    const manifest = held === "none" ? null : (held ?? null);
    const source: Discovered = {
      slug,
      directory: workspaceDirectory(repository, slug),
      subtree,
      entries: null,
      manifest,
      hasManifest: manifest !== null,
      versionName: manifest?.version?.name,
    };
    if (held === undefined || !isSlug(slug)) strangers.push(source);
    return source;
  });
  await readEntries(session, strangers);
  const warnings: Warning[] = [];
  const refused = new Set<Discovered>();
  const unnamed = strangers.filter(({ slug }) => !isSlug(slug));
  const slugs = unnamed.length > 0 ? await indexSlugs(session, unnamed) : new Map<Discovered, string>();
  for (const source of strangers) {
    await breathe();
    const message = refusal(source, slugs);
    if (!message) continue;
    warnings.push({ slug: source.slug, message });
    refused.add(source);
  }
  const found = listed.filter((source) => !refused.has(source));
  await readManifests(session, found, warnings);
  return { found, names: new Set(directories.keys()), warnings };
}

/** Completes those whose files were read with what their manifest says. */
async function readManifests(
  session: RepositorySession,
  sources: readonly Discovered[],
  warnings: Warning[],
): Promise<void> {
  const looked = await mapInSlices(sources, (source) => {
    const entry = source.entries?.find(({ path, mode }) => path === MANIFEST_PATH && mode.startsWith("100"));
    return entry ? [{ source, oid: entry.oid }] : [];
  });
  const wanted = looked.flat();
  const blobs = await session.blobs([...new Set(wanted.map(({ oid }) => oid))]);
  for (const { source, oid } of wanted) {
    source.hasManifest = true;
    source.manifest = parseManifest(source.slug, blobs.get(oid), warnings);
    source.versionName = source.manifest?.version?.name;
    await breathe();
  }
}
