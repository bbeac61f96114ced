import { findPart } from "@/lib/archive/contents";
import { breathe } from "@/lib/runtime/pace";
import { partOf, unreadSentence, unreadSpellings } from "@/lib/archive/parts";
import { checkReadable } from "@/lib/archive/yaml";
import { WORK_OF_IMPORT, YamlWork } from "@/lib/archive/yaml/work";
import { AppError } from "@/lib/domain/error";
import type { ImportError, ImportWarning } from "@/lib/domain/version";
import type { Oid } from "@/lib/domain/workspace";
import type { ContentLimits } from "../../ports";
import type { SelectedFile } from "../select-files";

const LFS_POINTER = /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\n/;
const LFS_POINTER_BYTES = 1024;

/** What a look into the files of a source found. */
export interface FilesLook {
  /** Ordinary files that are not taken, each with the reason; they stay as they are where they come from. */
  leftOut: ImportError[];
  warnings: ImportWarning[];
}

export function tooLarge(path: string, bytes: number, limit: number): ImportError {
  return {
    err: "TooLarge",
    msg: `${path} has ${String(bytes)} bytes; the limit is ${String(limit)}. It stays in the repository and is not imported.`,
    path,
  };
}

function isLfsPointer(bytes: Uint8Array): boolean {
  return bytes.length <= LFS_POINTER_BYTES && LFS_POINTER.test(Buffer.from(bytes).toString("latin1"));
}

/**
 * Looks into files that are new. Ordinary ones may hold anything, and one that is too large is left out; a part of the
 * workspace has to be readable. Throws UnreadableContent with path and line, TooLarge, and NotFound for missing content.
 */
export async function lookIntoFiles(
  files: readonly SelectedFile[],
  paths: readonly string[],
  blobs: ReadonlyMap<Oid, Uint8Array>,
  limits: ContentLimits,
): Promise<FilesLook> {
  const read = new Set([findPart(paths, "index"), findPart(paths, "security")]);
  const unread = unreadSpellings(paths);
  const warnings = [...unread].map(([path, other]) => ({ path, message: unreadSentence(path, other) }));
  const leftOut: ImportError[] = [];
  await weigh(files, blobs);
  for (const { path, oid } of files) {
    const bytes = blobs.get(oid);
    if (!bytes)
      throw new AppError("NotFound", `The repository does not have the content of ${path}.`, { path });
    const { kind } = partOf(path, bytes);
    const isOrdinary = kind === "other" || ((kind === "index" || kind === "security") && !read.has(path));
    if (bytes.length > limits.fileBytes) {
      const report = tooLarge(path, bytes.length, limits.fileBytes);
      if (!isOrdinary)
        throw new AppError("TooLarge", report.msg, { path, bytes: bytes.length, limit: limits.fileBytes });
      leftOut.push(report);
    } else if (isLfsPointer(bytes)) {
      const message = lfsSentence(path, isOrdinary);
      // Without these two a workspace is none, or nobody's.
      if (read.has(path)) throw new AppError("UnreadableContent", message, { path });
      warnings.push({ path, message });
    } else if (!isOrdinary) checkReadable(path, bytes);
    await breathe();
  }
  return { leftOut, warnings };
}

/** Throws TooLarge where reading all these files would take too long, before the first is read. */
async function weigh(files: readonly SelectedFile[], blobs: ReadonlyMap<Oid, Uint8Array>): Promise<void> {
  const work = new YamlWork(WORK_OF_IMPORT);
  for (const { path, oid } of files) {
    const bytes = blobs.get(oid);
    if (bytes && partOf(path, bytes).kind !== "other") work.add(path, bytes);
    await breathe();
  }
}

function lfsSentence(path: string, isOrdinary: boolean): string {
  const what = `${path} is a Git LFS pointer: its content is outside the repository and was not fetched.`;
  return isOrdinary
    ? `${what} The pointer is kept as it is.`
    : `${what} Take the file out of Git LFS (git lfs migrate export), so that it can be read here.`;
}
