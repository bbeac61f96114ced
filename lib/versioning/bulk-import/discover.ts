import { findPart } from "@/lib/archive/contents";
import { keyOfManifest, readManifest } from "@/lib/archive/manifest";
import { breathe } from "@/lib/archive/pace";
import { AppError } from "@/lib/domain/error";
import type { Manifest } from "@/lib/domain/manifest";
import { MANIFEST_PATH } from "@/lib/domain/path";
import { repositoryRoot, workspaceDirectory } from "@/lib/domain/repository";
import { Slug } from "@/lib/domain/workspace";
import type { Oid } from "@/lib/domain/workspace";
import type { RepositorySession, TreeEntry } from "../ports";

/** A workspace as a platform repository holds it. */
export interface Discovered {
  slug: string;
  directory: string;
  subtree: Oid;
  entries: TreeEntry[];
  manifest: Manifest | null;
  manifestKey: string | null;
  /** The name in the manifest; undefined where nobody named the version. */
  versionName: string | undefined;
}

export interface Warning {
  slug: string;
  message: string;
}

function parseManifest(slug: string, bytes: Uint8Array | undefined, warnings: Warning[]): Manifest | null {
  if (!bytes) return null;
  try {
    return readManifest(bytes);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    warnings.push({ slug, message: `${error.message} The manifest was ignored.` });
    return null;
  }
}

function refusal(slug: string, entries: readonly TreeEntry[]): string | null {
  if (!Slug.safeParse(slug).success)
    return "The directory's name is not a slug (lower-case letters, digits, hyphens).";
  const paths = entries.map(({ path }) => path);
  return findPart(paths, "index") === undefined ? "There is no index.yml, so this is not a workspace." : null;
}

/** Reads what every directory of the repository says of itself; all manifests come in one request. */
export async function discover(
  session: RepositorySession,
  commit: Oid,
): Promise<{ found: Discovered[]; names: Set<string>; warnings: Warning[] }> {
  const { repository } = session;
  const directories = await session.directories(commit, repositoryRoot(repository));
  const warnings: Warning[] = [];
  const listed: { slug: string; subtree: Oid; entries: TreeEntry[] }[] = [];
  for (const [slug, subtree] of directories) {
    if (slug.startsWith(".")) continue;
    const entries = await session.entries(subtree);
    const message = refusal(slug, entries);
    if (message) warnings.push({ slug, message });
    else listed.push({ slug, subtree, entries });
  }
  const manifestOid = (entries: readonly TreeEntry[]) =>
    entries.find(({ path, mode }) => path === MANIFEST_PATH && mode.startsWith("100"))?.oid;
  const oids = listed.flatMap(({ entries }) => manifestOid(entries) ?? []);
  const blobs = await session.blobs([...new Set(oids)]);
  const found: Discovered[] = [];
  for (const { slug, subtree, entries } of listed) {
    const oid = manifestOid(entries);
    const manifest = parseManifest(slug, oid && blobs.get(oid), warnings);
    found.push({
      slug,
      directory: workspaceDirectory(repository, slug),
      subtree,
      entries,
      manifest,
      manifestKey: manifest && keyOfManifest(manifest),
      versionName: manifest?.version?.name,
    });
    await breathe();
  }
  return { found, names: new Set(directories.keys()), warnings };
}
