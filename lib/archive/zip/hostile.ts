import type { Entry } from "yauzl";
import { AppError } from "@/lib/domain/error";
import { collisionKey } from "@/lib/domain/path";

const LOCAL_HEADER_BYTES = 30;

/** The refusal of an archive for one of its entries. */
export function unsafe(name: string, problem: string): AppError {
  const path = name.slice(0, 200);
  return new AppError(
    "UnreadableContent",
    `The archive was refused: ${JSON.stringify(path)} ${problem}. Pack the files again without it.`,
    { path, problem },
  );
}

/** Throws when two entries share bytes: that is how a small archive unpacks to a huge one. */
export function refuseOverlaps(entries: readonly { entry: Entry; name: string }[]): void {
  const placed = entries
    .map(({ entry, name }) => ({
      name,
      start: entry.relativeOffsetOfLocalHeader,
      end:
        entry.relativeOffsetOfLocalHeader + LOCAL_HEADER_BYTES + entry.fileNameLength + entry.compressedSize,
    }))
    .sort((a, b) => a.start - b.start);
  for (const [index, { name, start }] of placed.entries()) {
    const before = placed[index - 1];
    if (before && start < before.end) throw unsafe(name, `shares its bytes with ${before.name}`);
  }
}

/** Throws when one name is a file and a folder: two programs would unpack that to two different things. */
export function refuseFilesAsFolders(names: Iterable<string>): void {
  const files = new Map<string, string>();
  const folders = new Set<string>();
  for (const name of names) {
    const segments = collisionKey(name).split("/");
    if (!name.endsWith("/")) files.set(segments.join("/"), name);
    // Of a folder's own entry the last segment is empty.
    for (let depth = segments.length - 1; depth > 0; depth--) {
      const folder = segments.slice(0, depth).join("/");
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  for (const [key, name] of files) if (folders.has(key)) throw unsafe(name, "is a file and a folder");
}
