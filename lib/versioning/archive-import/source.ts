import { readManifest } from "@/lib/archive/manifest";
import { findPart, readIndex } from "@/lib/archive/contents";
import { spellingOf } from "@/lib/archive/parts";
import type { Index } from "@/lib/archive/contents";
import { AppError } from "@/lib/domain/error";
import { collisionKey, MANIFEST_PATH } from "@/lib/domain/path";
import type { Manifest } from "@/lib/domain/manifest";
import type { ImportError, ImportWarning } from "@/lib/domain/version";
import type { WorkspaceFile } from "@/lib/domain/workspace";
import type { TreeEntry } from "../ports";
import type { ReadBlobs } from "../pull/import-rights";

/** One workspace as an archive holds it; its `index.yml` is there. */
export interface ArchiveSource {
  /** The folder it was in: the slug, in an archive made here of several. */
  folder: string;
  entries: readonly TreeEntry[];
  readBlobs: ReadBlobs;
  manifest: Manifest | null;
  index: Index;
  /** Files that were not taken out of the archive, each with the reason. */
  leftOut?: readonly ImportError[];
  warnings?: readonly ImportWarning[];
}

/** Looks into the two files that say whose content this is. Throws UnreadableContent. */
export async function readArchiveSource(
  folder: string,
  entries: readonly TreeEntry[],
  readBlobs: ReadBlobs,
): Promise<ArchiveSource> {
  const indexPath = findPart(
    entries.map(({ path }) => path),
    "index",
  );
  const index = entries.find(({ path }) => path === indexPath);
  const manifest = entries.find(({ path }) => path === MANIFEST_PATH);
  const blobs = await readBlobs([index, manifest].flatMap((entry) => (entry ? [entry.oid] : [])));
  const indexBytes = index && blobs.get(index.oid);
  if (!index || !indexBytes)
    throw new AppError("UnreadableContent", "The archive has no index.yml, so it is not a workspace.", {
      path: "index.yml",
    });
  const manifestBytes = manifest && blobs.get(manifest.oid);
  return {
    folder,
    entries,
    readBlobs,
    manifest: manifestBytes ? manifestOf(manifestBytes) : null,
    index: readIndex(indexBytes, index.path),
  };
}

function manifestOf(bytes: Uint8Array): Manifest | null {
  try {
    return readManifest(bytes);
  } catch (error) {
    // The import reports a damaged manifest; here it only means that it says nothing.
    if (error instanceof AppError) return null;
    throw error;
  }
}

// `pages/home.yaml` stands for the same page as `pages/home.yml`.
function partKey(path: string): string {
  return spellingOf(path) ?? path;
}

/**
 * The files of an import that deletes nothing: those of the archive, and of the present ones those that it does not
 * replace.
 */
export function withPresent(archive: readonly TreeEntry[], present: readonly WorkspaceFile[]): TreeEntry[] {
  const replaced = new Set(archive.map(({ path }) => partKey(path)));
  const kept = present.filter(({ path }) => !replaced.has(partKey(path)));
  const paths = new Set(kept.map(({ path }) => collisionKey(path)));
  // Of two names that differ in case only the first counts; what is here stays.
  const clashing = archive.filter(({ path }) => paths.has(collisionKey(path)));
  const fine = archive.filter(({ path }) => !paths.has(collisionKey(path)));
  return [...fine, ...kept, ...clashing];
}
