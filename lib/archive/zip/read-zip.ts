import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import { validateFileName, type Entry, type ZipFile } from "yauzl";
import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import { hashObject } from "../objects";
import { breathe } from "@/lib/runtime/pace";
import type { ArchiveBytes } from "./bytes";
import { findZip, type FramedZip } from "./frame";
import { refuseFilesAsFolders, refuseOverlaps, unsafe } from "./hostile";
import { entryName, junkIn } from "./names";

/** One file of an archive, under its name there; nothing of its content was read yet. */
export interface ZipEntry {
  path: string;
  /** Its whole name in the archive. */
  name: string;
  mode: "100644" | "100755";
  /** As the archive's directory claims it. */
  size: number;
  entry: Entry;
}

/** One file of an archive that was unpacked and checked. */
export interface ZippedFile {
  path: string;
  mode: "100644" | "100755";
  oid: Oid;
  size: number;
}

export interface ZipLimits {
  inflatedBytes: number;
  /** Files and folders together. */
  entries: number;
}

/** An archive whose directory was checked as a whole; contents are unpacked only where they are wanted. */
export interface ZipArchive {
  entries: ZipEntry[];
  /** What belongs to a system or tool and is left out, files and whole folders. */
  junk: string[];
  /** A file's content. Throws UnreadableContent that names the entry and what is wrong with it. */
  content(entry: ZipEntry): Promise<Buffer>;
}

const UNIX_TYPE = 0o170000;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;
const SYMLINK = 0o120000;
const STORED = 0;
const DEFLATED = 8;
const ENTRY_BYTES = 46;

function notAnArchive(cause?: unknown): AppError {
  const reason = cause instanceof Error ? ` (${cause.message.slice(0, 200)})` : "";
  return new AppError(
    "UnreadableContent",
    `This is not a zip archive that can be read${reason}. Export the workspace again and upload that file.`,
    undefined,
    { cause },
  );
}

function unixMode({ versionMadeBy, externalFileAttributes }: Entry): number {
  // Only archives made on a Unix system carry its modes.
  return versionMadeBy >>> 8 === 3 ? externalFileAttributes >>> 16 : 0;
}

function checkName(name: string): void {
  const problem = validateFileName(name);
  if (problem !== null || name.includes("\0") || name.startsWith("/"))
    throw unsafe(name, "would be written outside the workspace's folder");
}

function checkEntry(entry: Entry, name: string): void {
  if (entry.isEncrypted()) throw unsafe(name, "is encrypted");
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
    throw unsafe(
      name,
      `is compressed with a method (${String(entry.compressionMethod)}) that is not supported`,
    );
  const type = unixMode(entry) & UNIX_TYPE;
  if (type === SYMLINK) throw unsafe(name, "is a symbolic link");
  if (type !== 0 && type !== REGULAR && type !== DIRECTORY) throw unsafe(name, "is not a regular file");
  if (name.endsWith("/") && entry.uncompressedSize > 0)
    throw unsafe(name, "is a folder that claims to have content");
}

interface Listing {
  named: { entry: Entry; name: string }[];
  junk: Set<string>;
}

async function entriesOf({ zip, directoryBytes }: FramedZip, limits: ZipLimits): Promise<Listing> {
  const named: Listing["named"] = [];
  const junk = new Set<string>();
  const names = new Set<string>();
  let inflated = 0;
  let seen = 0;
  for await (const entry of zip.eachEntry()) {
    await breathe();
    seen += ENTRY_BYTES + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
    const name = entryName(entry);
    if (name === "") continue;
    checkName(name);
    const left = junkIn(name);
    if (left !== null) {
      junk.add(left);
      continue;
    }
    checkEntry(entry, name);
    if (names.has(name)) throw unsafe(name, "is there twice");
    names.add(name);
    inflated += entry.uncompressedSize;
    if (inflated > limits.inflatedBytes)
      throw new AppError(
        "TooLarge",
        `The archive unpacks to more than ${String(limits.inflatedBytes)} bytes, which is the limit.`,
        { path: name, limit: limits.inflatedBytes },
      );
    named.push({ entry, name });
  }
  // Otherwise another program would find other files in it.
  if (seen !== directoryBytes) throw notAnArchive(new Error("its directory contains more than it says"));
  refuseOverlaps(named);
  refuseFilesAsFolders(names);
  return { named, junk };
}

const inflate = promisify(
  (bytes: Buffer, maxOutputLength: number, done: (error: Error | null, answer?: Inflated) => void) => {
    inflateRaw(bytes, { info: true, maxOutputLength }, (error, answer) => {
      done(error, answer as unknown as Inflated);
    });
  },
);
interface Inflated {
  buffer: Buffer;
  engine: { bytesWritten: number };
}

async function inflated(compressed: Buffer, name: string, size: number): Promise<Buffer> {
  let answer: Inflated | undefined;
  try {
    answer = await inflate(compressed, Math.max(1, size));
  } catch (cause) {
    const isTooMuch = cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
    throw unsafe(name, isTooMuch ? "does not have the size it claims" : "cannot be unpacked");
  }
  if (!answer) throw unsafe(name, "cannot be unpacked");
  if (answer.engine.bytesWritten !== compressed.length)
    throw unsafe(name, "has bytes after the end of its content");
  return answer.buffer;
}

async function contentOf(zip: ZipFile, bytes: ArchiveBytes, start: number, { entry, name }: ZipEntry) {
  const header = await zip.readLocalFileHeaderPromise(entry);
  // Two programs would unpack such an archive to two different things.
  if (!header.fileName.equals(entry.fileNameRaw)) throw unsafe(name, "has a different name at its content");
  const stored = await bytes.read(start + header.fileDataStart, entry.compressedSize);
  const content =
    entry.compressionMethod === STORED ? stored : await inflated(stored, name, entry.uncompressedSize);
  if (content.length !== entry.uncompressedSize) throw unsafe(name, "does not have the size it claims");
  if (crc32(content) !== entry.crc32) throw unsafe(name, "does not have the checksum (CRC) it claims");
  return content;
}

/**
 * Opens a zip archive and checks its directory: names, sizes, limits. What systems put into archives for themselves is
 * left out. Throws UnreadableContent that names the entry and what is wrong with it, and TooLarge.
 */
export async function openZip(bytes: ArchiveBytes, limits: ZipLimits): Promise<ZipArchive> {
  let framed: FramedZip | null;
  let listing: Listing;
  try {
    framed = await findZip(bytes, limits.entries);
    if (!framed) throw notAnArchive();
    listing = await entriesOf(framed, limits);
  } catch (error) {
    throw error instanceof AppError ? error : notAnArchive(error);
  }
  const { zip, start } = framed;
  const files = listing.named.filter(({ name }) => !name.endsWith("/"));
  return {
    entries: files.map(({ entry, name }) => ({
      path: name,
      name,
      mode: (unixMode(entry) & 0o100) === 0 ? "100644" : "100755",
      size: entry.uncompressedSize,
      entry,
    })),
    junk: [...listing.junk],
    async content(entry) {
      try {
        return await contentOf(zip, bytes, start, entry);
      } catch (error) {
        throw error instanceof AppError ? error : unsafe(entry.name, "cannot be unpacked");
      }
    },
  };
}

/** Unpacks these files once to check them, and lets `look` judge each; their bytes are read again where they are wanted. */
export async function checkedFiles(
  zip: ZipArchive,
  entries: readonly ZipEntry[],
  look: (path: string, bytes: Uint8Array) => void = () => undefined,
): Promise<{ files: ZippedFile[]; read: (oids: readonly Oid[]) => Promise<Map<Oid, Uint8Array>> }> {
  const files: ZippedFile[] = [];
  const places = new Map<Oid, ZipEntry>();
  for (const entry of entries) {
    const bytes = await zip.content(entry);
    look(entry.path, bytes);
    const oid = hashObject("blob", bytes);
    places.set(oid, entry);
    files.push({ path: entry.path, mode: entry.mode, oid, size: bytes.length });
    await breathe();
  }
  return {
    files,
    async read(oids) {
      const found = new Map<Oid, Uint8Array>();
      for (const oid of oids) {
        const place = places.get(oid);
        if (place) found.set(oid, await zip.content(place));
      }
      return found;
    },
  };
}
