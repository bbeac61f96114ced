import type { Readable } from "node:stream";
import { fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from "yauzl";
import { AppError } from "@/lib/domain/error";
import type { ArchiveBytes } from "./bytes";

const END = "PK\x05\x06";
const END_BYTES = 22;
const COMMENT_LENGTH_AT = 20;
const DIRECTORY_ENTRY = "PK\x01\x02";
const ENTRY_BYTES = 46;
const LOCATOR = "PK\x06\x07";
const LOCATOR_BYTES = 20;
const END64 = "PK\x06\x06";
const END64_BYTES = 56;
/** How far from the end of a file the end of its archive is looked for: a comment, and what tools append. */
const TAIL_BYTES = 256 * 1024;

/** Where an archive lies inside its file: programs that unpack themselves put a stub in front, others append bytes. */
interface Frame {
  start: number;
  end: number;
  directoryStart: number;
  directoryBytes: number;
  entries: number;
}

/** The directory that ends at `end` of the tail; null when what stands there is no end of an archive. */
function frameAt(tail: Buffer, tailStart: number, end: number): Frame | null {
  if (end + END_BYTES > tail.length) return null;
  if (end + END_BYTES + tail.readUInt16LE(end + COMMENT_LENGTH_AT) > tail.length) return null;
  const locator = end - LOCATOR_BYTES;
  const end64 = locator - END64_BYTES;
  const is64 =
    end64 >= 0 &&
    tail.toString("latin1", locator, locator + 4) === LOCATOR &&
    tail.toString("latin1", end64, end64 + 4) === END64;
  const told = is64
    ? {
        entries: Number(tail.readBigUInt64LE(end64 + 32)),
        bytes: Number(tail.readBigUInt64LE(end64 + 40)),
        offset: Number(tail.readBigUInt64LE(end64 + 48)),
      }
    : {
        entries: tail.readUInt16LE(end + 10),
        bytes: tail.readUInt32LE(end + 12),
        offset: tail.readUInt32LE(end + 16),
      };
  const directoryStart = tailStart + (is64 ? end64 : end) - told.bytes;
  // What stands before the archive shifts all of it, unless its offsets were written with the stub in mind.
  const start = directoryStart - told.offset;
  if (start < 0 || directoryStart < 0) return null;
  return {
    start,
    // Without its comment, in which another end could stand.
    end: tailStart + end + END_BYTES,
    directoryStart,
    directoryBytes: told.bytes,
    entries: told.entries,
  };
}

async function frameOf(bytes: ArchiveBytes): Promise<Frame | null> {
  const tailStart = Math.max(0, bytes.size - TAIL_BYTES);
  const tail = await bytes.read(tailStart, TAIL_BYTES);
  for (let end = tail.lastIndexOf(END, undefined, "latin1"); end >= 0;) {
    const frame = frameAt(tail, tailStart, end);
    if (frame) {
      const first = await bytes.read(frame.directoryStart, 4);
      if (frame.directoryBytes === 0 || first.toString("latin1") === DIRECTORY_ENTRY) return frame;
    }
    if (end === 0) break;
    end = tail.lastIndexOf(END, end - 1, "latin1");
  }
  return null;
}

/** Reads the archive as if it began and ended with its file and had no comment; its directory is read in one go. */
class FramedReader extends RandomAccessReader {
  constructor(
    private readonly bytes: ArchiveBytes,
    private readonly frame: Frame,
    private readonly directory: Buffer,
  ) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    const inDirectory = position + this.frame.start - this.frame.directoryStart;
    if (inDirectory >= 0 && inDirectory + length <= this.directory.length) {
      this.directory.copy(buffer, offset, inDirectory, inDirectory + length);
      queueMicrotask(() => {
        callback(null);
      });
      return;
    }
    this.bytes.read(this.frame.start + position, length).then(
      (found) => {
        found.copy(buffer, offset);
        const commentLength = this.frame.end - 2 - this.frame.start - position;
        if (commentLength >= 0 && commentLength + 2 <= length)
          buffer.writeUInt16LE(0, offset + commentLength);
        callback(found.length < length ? new Error("unexpected end of the archive") : null);
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  override _readStreamForRange(): Readable {
    throw new Error("Contents are read as a whole.");
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}

/** An archive whose directory was found. */
export interface FramedZip {
  zip: ZipFile;
  /** Where it begins in its file. */
  start: number;
  directoryBytes: number;
}

function refuseEntries(count: number, limit: number): void {
  if (count <= limit) return;
  throw new AppError("TooLarge", `The archive has ${String(count)} entries; the limit is ${String(limit)}.`, {
    entries: count,
    limit,
  });
}

/** Finds the directory of a zip archive, and refuses one of too many entries before it is read. Null: no archive. */
export async function findZip(bytes: ArchiveBytes, maxEntries: number): Promise<FramedZip | null> {
  const frame = await frameOf(bytes);
  if (!frame) return null;
  refuseEntries(frame.entries, maxEntries);
  if (frame.directoryBytes < frame.entries * ENTRY_BYTES) return null;
  const directory = Buffer.from(await bytes.read(frame.directoryStart, frame.end - frame.directoryStart));
  directory.writeUInt16LE(0, directory.length - 2);
  const reader = new FramedReader(bytes, frame, directory);
  const zip = await fromRandomAccessReaderPromise(reader, frame.end - frame.start, {
    autoClose: false,
    decodeStrings: false,
  });
  return { zip, start: frame.start, directoryBytes: frame.directoryBytes };
}
