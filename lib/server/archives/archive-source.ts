import { partOf } from "@/lib/archive/parts";
import type { YamlWork } from "@/lib/archive/yaml/work";
import { checkedFiles, type ZipArchive, type ZipEntry } from "@/lib/archive/zip/read-zip";
import { AppError } from "@/lib/domain/error";
import { classifyPath } from "@/lib/domain/path";
import type { ImportError, ImportWarning } from "@/lib/domain/version";
import { readArchiveSource, type ArchiveSource } from "@/lib/versioning/archive-import";
import { tooLarge } from "@/lib/versioning/pull/checks/files";
import type { Engine } from "../engine";

/** What an archive holds, checked and ready to be imported. */
export type OpenArchive =
  | { kind: "workspace"; source: ArchiveSource }
  | { kind: "fleet"; sources: ArchiveSource[]; warnings: ImportWarning[]; errors: ImportError[] };

/** Of all workspaces together; a directory of more is refused unread. */
export const MAX_ENTRIES = 50_000;
const NAMED_JUNK = 50;

function isRepository(path: string): boolean {
  return path === ".git" || path.endsWith("/.git");
}

/** A warning for each thing that was left out of an archive, up to a number. */
export function junkWarnings({ junk }: Pick<ZipArchive, "junk">, prefix = ""): ImportWarning[] {
  return junk.slice(0, NAMED_JUNK).map((path) => ({
    path: prefix + path,
    message: isRepository(path)
      ? `${prefix}${path} was left out: an import reads the files as they are now, not their history.`
      : `${prefix}${path} was left out: it belongs to a system or tool.`,
  }));
}

type Limits = Pick<Engine["env"]["limits"], "fileBytes" | "filesPerWorkspace">;

/**
 * One workspace of an archive. Ordinary files that are too large are left out, each named in the result. Throws
 * UnreadableContent, and TooLarge for too many files before any is unpacked.
 */
export async function sourceOf(
  zip: ZipArchive,
  { folder, files }: { folder: string; files: readonly ZipEntry[] },
  limits: Limits,
  work: YamlWork,
): Promise<ArchiveSource> {
  if (files.length > limits.filesPerWorkspace + 1)
    throw new AppError(
      "TooLarge",
      `The archive has ${String(files.length)} files for ${folder || "the workspace"}; the limit is ${String(limits.filesPerWorkspace)}.`,
      { files: files.length, limit: limits.filesPerWorkspace },
    );
  const large = files.filter(({ size }) => size > limits.fileBytes);
  for (const { path, name, size } of large)
    if (classifyPath(path).kind !== "other")
      throw new AppError("TooLarge", tooLarge(name, size, limits.fileBytes).msg, {
        path: name,
        bytes: size,
        limit: limits.fileBytes,
      });
  const { files: checked, read } = await checkedFiles(
    zip,
    files.filter(({ size }) => size <= limits.fileBytes),
    (path, bytes) => {
      if (partOf(path, bytes).kind !== "other") work.add(path, bytes);
    },
  );
  const leftOut = large.map(({ path, size }) => tooLarge(path, size, limits.fileBytes));
  return { ...(await readArchiveSource(folder, checked, read)), leftOut };
}
