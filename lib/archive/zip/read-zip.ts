import { fromFdPromise, validateFileName } from "yauzl";
import type { Entry, ZipFile } from "yauzl";
import { crc32 } from "node:zlib";
import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import { hashObject } from "../objects";
import { entryName, refuseOverlaps, refuseZip64, unsafe } from "./hostile";

/** One file of an archive, under its name there. */
export interface ZippedFile {
  path: string;
  mode: "100644" | "100755";
  oid: Oid;
  size: number;
}

/** An archive that was checked as a whole; its bytes are read again only where they are wanted. */
export interface ZipArchive {
  files: ZippedFile[];
  read(oids: readonly Oid[]): Promise<Map<Oid, Uint8Array>>;
}

export interface ZipLimits {
  fileBytes: number;
  inflatedBytes: number;
  /** Files and folders together. */
  entries: number;
}

// What the finder of a Mac puts into every archive it makes.
const NOISE = /^__MACOSX\/|(^|\/)\.DS_Store$/;
const UNIX_TYPE = 0o170000;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;
const SYMLINK = 0o120000;

function notAnArchive(cause: unknown): AppError {
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

function checkEntry(entry: Entry, name: string, limits: ZipLimits): void {
  if (name.includes("\\")) throw unsafe(name, "has a backslash in its name, where zip archives have slashes");
  const problem = validateFileName(name);
  if (problem !== null || name.includes("\0"))
    throw unsafe(name, "would be written outside the workspace's folder");
  if (entry.isEncrypted()) throw unsafe(name, "is encrypted");
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    throw unsafe(
      name,
      `is compressed by a method (${String(entry.compressionMethod)}) that is not read here`,
    );
  if (entry.extraFields.some(({ id }) => id === 1)) throw unsafe(name, "uses the zip64 format");
  const type = unixMode(entry) & UNIX_TYPE;
  if (type === SYMLINK) throw unsafe(name, "is a symbolic link");
  if (type !== 0 && type !== REGULAR && type !== DIRECTORY) throw unsafe(name, "is no regular file");
  if (name.endsWith("/")) {
    if (entry.uncompressedSize > 0) throw unsafe(name, "is a folder that claims to have content");
    return;
  }
  if (entry.uncompressedSize > limits.fileBytes)
    throw new AppError(
      "TooLarge",
      `${name} in the archive has ${String(entry.uncompressedSize)} bytes; a file may have ${String(limits.fileBytes)}.`,
      { path: name, bytes: entry.uncompressedSize, limit: limits.fileBytes },
    );
}

async function entriesOf(zip: ZipFile, limits: ZipLimits): Promise<{ entry: Entry; name: string }[]> {
  if (zip.entryCount > limits.entries)
    throw new AppError(
      "TooLarge",
      `The archive has ${String(zip.entryCount)} entries; ${String(limits.entries)} are allowed.`,
      { entries: zip.entryCount, limit: limits.entries },
    );
  const found: { entry: Entry; name: string }[] = [];
  const names = new Set<string>();
  let inflated = 0;
  for await (const entry of zip.eachEntry()) {
    const name = entryName(entry);
    checkEntry(entry, name, limits);
    if (names.has(name)) throw unsafe(name, "is there twice");
    names.add(name);
    inflated += entry.uncompressedSize;
    if (inflated > limits.inflatedBytes)
      throw new AppError(
        "TooLarge",
        `The archive unpacks to more than ${String(limits.inflatedBytes)} bytes, which is the limit.`,
        { path: name, limit: limits.inflatedBytes },
      );
    found.push({ entry, name });
  }
  refuseOverlaps(found);
  return found;
}

async function bytesOf(zip: ZipFile, entry: Entry, name: string): Promise<Uint8Array> {
  const header = await zip.readLocalFileHeaderPromise(entry);
  // Two programs would unpack such an archive to two different things.
  if (!header.fileName.equals(entry.fileNameRaw)) throw unsafe(name, "has another name at its content");
  const chunks: Buffer[] = [];
  try {
    // No chunk comes after the size that the entry claims: the reader checks it as it inflates.
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "";
    throw unsafe(
      name,
      /bytes in the stream/.test(reason) ? "has not the size it claims" : "cannot be unpacked",
    );
  }
  const bytes = Buffer.concat(chunks);
  if (crc32(bytes) !== entry.crc32) throw unsafe(name, "does not have the checksum (CRC) it claims");
  return bytes;
}

/**
 * Opens the zip archive behind a file descriptor and checks all of it: names, sizes, checksums, limits. The descriptor
 * stays open, and is the caller's to close once nothing is read any more.
 * Throws UnreadableContent that names the entry and what is wrong with it, and TooLarge.
 */
export async function readZip(fd: number, limits: ZipLimits): Promise<ZipArchive> {
  await refuseZip64(fd);
  let zip: ZipFile;
  let entries: { entry: Entry; name: string }[];
  try {
    zip = await fromFdPromise(fd, { autoClose: false, decodeStrings: false });
    entries = await entriesOf(zip, limits);
  } catch (error) {
    throw error instanceof AppError ? error : notAnArchive(error);
  }
  const files: ZippedFile[] = [];
  const places = new Map<Oid, { entry: Entry; name: string }>();
  for (const place of entries) {
    if (place.name.endsWith("/") || NOISE.test(place.name)) continue;
    const bytes = await bytesOf(zip, place.entry, place.name);
    const oid = hashObject("blob", bytes);
    places.set(oid, place);
    const executable = (unixMode(place.entry) & 0o100) !== 0;
    files.push({ path: place.name, mode: executable ? "100755" : "100644", oid, size: bytes.length });
  }
  return {
    files,
    async read(oids) {
      const found = new Map<Oid, Uint8Array>();
      for (const oid of oids) {
        const place = places.get(oid);
        if (place) found.set(oid, await bytesOf(zip, place.entry, place.name));
      }
      return found;
    },
  };
}
