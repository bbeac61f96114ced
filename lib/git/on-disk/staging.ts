import { createHash } from "node:crypto";
import type { Oid } from "@/lib/domain/workspace";

/** A file of a work tree. */
export interface StagedFile {
  path: string;
  mode: "100644" | "100755";
  oid: Oid;
}

const STAT_BYTES = 40;
const MODE_AT = 24;
const LONGEST_NAME = 0xfff;

function entryOf({ mode, oid }: StagedFile, name: Buffer): Buffer {
  // Times and sizes stay zero, so git compares the contents once and fills them in.
  const stat = Buffer.alloc(STAT_BYTES);
  stat.writeUInt32BE(Number.parseInt(mode, 8), MODE_AT);
  const flags = Buffer.alloc(2);
  flags.writeUInt16BE(Math.min(name.length, LONGEST_NAME));
  const fields = Buffer.concat([stat, Buffer.from(oid, "hex"), flags, name]);
  // At least one zero byte ends the name, and the next entry starts at a multiple of eight.
  return Buffer.concat([fields, Buffer.alloc(8 - (fields.length % 8))]);
}

/** Git's staging area (`.git/index`, version 2) with these files: without it every one of them would count as deleted. */
export function stagingFile(files: readonly StagedFile[]): Buffer {
  const named = files.map((file) => ({ file, name: Buffer.from(file.path, "utf8") }));
  named.sort((a, b) => Buffer.compare(a.name, b.name));
  const header = Buffer.alloc(12);
  header.write("DIRC", "latin1");
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(named.length, 8);
  const bytes = Buffer.concat([header, ...named.map(({ file, name }) => entryOf(file, name))]);
  return Buffer.concat([bytes, createHash("sha1").update(bytes).digest()]);
}
