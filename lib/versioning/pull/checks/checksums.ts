import { checksumMismatches, isChecksummed } from "@/lib/archive/manifest";
import { unreadSpellings } from "@/lib/archive/parts";
import { breathe } from "@/lib/runtime/pace";
import type { Manifest } from "@/lib/domain/manifest";
import type { ImportWarning } from "@/lib/domain/version";
import type { Oid, WorkspaceFile } from "@/lib/domain/workspace";
import type { TreeEntry } from "../../ports";
import type { ReadBlobs } from "../import-rights";

/** What is read at once of files that are here already. */
const BYTES_AT_ONCE = 8 * 1024 * 1024;
const FILES_AT_ONCE = 500;

export interface ChecksumQuestion {
  manifest: Manifest;
  /** The files that the manifest came with, without those that are not taken over. */
  files: readonly TreeEntry[];
  /** What was read of them already. */
  blobs: ReadonlyMap<Oid, Uint8Array>;
  present: ReadonlyMap<string, WorkspaceFile>;
  readBlobs: ReadBlobs;
}

/** Cuts files into groups that are small enough to be read together. */
function slicesOf(files: readonly TreeEntry[], present: ReadonlyMap<string, WorkspaceFile>): TreeEntry[][] {
  const slices: TreeEntry[][] = [];
  let bytes = Infinity;
  for (const file of files) {
    const size = present.get(file.path)?.size ?? 0;
    const last = slices.at(-1);
    if (!last || bytes + size > BYTES_AT_ONCE || last.length >= FILES_AT_ONCE) {
      slices.push([file]);
      bytes = size;
    } else {
      last.push(file);
      bytes += size;
    }
  }
  return slices;
}

/**
 * Files that are not those their manifest was written for: edited since the export, as files in git are. They are
 * imported all the same, and so are those that were here before.
 */
export async function checksumWarnings(question: ChecksumQuestion): Promise<ImportWarning[]> {
  const { manifest, blobs, present, readBlobs } = question;
  // A checksum goes by a name without extension, and is that of the spelling that is read.
  const unread = unreadSpellings(question.files.map(({ path }) => path));
  const files = question.files.filter(({ path }) => !unread.has(path) && isChecksummed(manifest, path));
  const warnings: ImportWarning[] = [];
  for (const slice of slicesOf(files, present)) {
    const missing = slice.filter(({ oid }) => !blobs.has(oid)).map(({ oid }) => oid);
    const read = missing.length > 0 ? await readBlobs([...new Set(missing)]) : new Map<Oid, Uint8Array>();
    const described = slice.flatMap(({ path, oid }) => {
      const bytes = blobs.get(oid) ?? read.get(oid);
      return bytes ? [{ path, bytes }] : [];
    });
    for (const path of checksumMismatches(manifest, described)) {
      warnings.push({
        path,
        message: `${path} was edited after the export, so it does not match the checksum in .import.yml.`,
      });
    }
    await breathe();
  }
  return warnings;
}
