import { fstat, read } from "node:fs";
import { promisify } from "node:util";
import { getFileNameLowLevel } from "yauzl";
import type { Entry } from "yauzl";
import { AppError } from "@/lib/domain/error";

const readAt = promisify(read);
const statOf = promisify(fstat);

const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const MAX_COMMENT = 0xffff;
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

/** The name of an entry: UTF-8 where it is that, whatever the archive's flag says, else what the flag says. */
export function entryName({ fileNameRaw, generalPurposeBitFlag, extraFields }: Entry): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(fileNameRaw);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
  }
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

/** Throws for an archive in the zip64 format, which nothing of the size allowed here needs. */
export async function refuseZip64(fd: number): Promise<void> {
  const { size } = await statOf(fd);
  const length = Math.min(size, END_BYTES + MAX_COMMENT + LOCATOR_BYTES);
  const tail = Buffer.alloc(length);
  await readAt(fd, tail, 0, length, size - length);
  const end = tail.lastIndexOf("PK\x05\x06", undefined, "latin1");
  const locator = end - LOCATOR_BYTES;
  if (locator < 0 || tail.toString("latin1", locator, locator + 4) !== "PK\x06\x07") return;
  throw new AppError(
    "UnreadableContent",
    "The archive was refused: it is in the zip64 format, which an archive of this size does not need. Pack the files again without it.",
    { problem: "zip64" },
  );
}
