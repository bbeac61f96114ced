import { AppError } from "@/lib/domain/error";
import type { ObjectType } from "@/lib/versioning/ports";

export const TYPE_CODES = { commit: 1, tree: 2, blob: 3, tag: 4 } as const satisfies Record<
  ObjectType,
  number
>;
export const OFS_DELTA = 6;
export const REF_DELTA = 7;

const TYPES: readonly (ObjectType | undefined)[] = [undefined, "commit", "tree", "blob", "tag"];

/** What a pack may cost before it is refused. */
export interface PackLimits {
  packBytes: number;
  objects: number;
  objectBytes: number;
  /** Of all objects together once inflated. */
  totalBytes: number;
  deltaDepth: number;
  /** Of an object and all that it is built on, which is built anew whenever it is read. */
  chainBytes: number;
}

export const PACK_LIMITS: PackLimits = {
  packBytes: 256 * 1024 * 1024,
  objects: 1_000_000,
  objectBytes: 64 * 1024 * 1024,
  totalBytes: 2 * 1024 * 1024 * 1024,
  deltaDepth: 4096,
  chainBytes: 1024 * 1024 * 1024,
};

export function typeOfCode(code: number): ObjectType {
  const type = TYPES[code];
  if (!type) throw damaged("an object of an unknown kind");
  return type;
}

/** How many objects a pack announces. Throws RemoteUnreachable when it is none, TooLarge for more than the limit. */
export function checkHeader(bytes: Buffer, limits: PackLimits): number {
  if (bytes.length < 12 || bytes.toString("latin1", 0, 4) !== "PACK") throw damaged("no pack header");
  if (![2, 3].includes(bytes.readUInt32BE(4))) throw damaged("an unknown pack version");
  const count = bytes.readUInt32BE(8);
  if (count > limits.objects) throw tooLarge("the pack has too many objects", limits.objects);
  return count;
}

export function damaged(what: string): AppError {
  return new AppError(
    "RemoteUnreachable",
    `The remote sent a damaged pack (${what}). Try again; if it keeps happening, run git fsck on the remote.`,
  );
}

export function tooLarge(what: string, limit: number): AppError {
  return new AppError(
    "TooLarge",
    `The repository is too large to read: ${what}. The limit is ${String(limit)}.`,
    { limit },
  );
}
