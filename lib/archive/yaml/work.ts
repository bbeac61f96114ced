import { AppError } from "@/lib/domain/error";
import { extensionOf } from "@/lib/domain/path";
import { isSimpleYaml } from "./simple-yaml";

/** How many nodes the YAML of one import may have: the parser takes some ten microseconds for each. */
export const WORK_OF_IMPORT = 2_000_000;
/** The same for all workspaces of one archive. */
export const WORK_OF_ARCHIVE = 5_000_000;

// Line end, comma, brackets, anchor, alias and tag each begin a node wherever they stand; hyphen, colon and question mark
// before a space do.
const ALWAYS = new Set([0x0a, 0x2c, 0x5b, 0x7b, 0x26, 0x2a, 0x21]);
const BEFORE_SPACE = new Set([0x2d, 0x3a, 0x3f]);

/** About how many nodes the parser would make of this text, from one look at its bytes. */
export function nodesIn(bytes: Uint8Array): number {
  let nodes = 1;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (ALWAYS.has(byte) || (BEFORE_SPACE.has(byte) && (bytes[at + 1] ?? 0) <= 0x20)) nodes++;
  }
  return nodes;
}

/** Counts what the parser would have to do for many files, before it begins. What is read without it costs nothing. */
export class YamlWork {
  #nodes = 0;

  constructor(private readonly limit: number) {}

  /** Throws TooLarge where all files so far are too much together. */
  add(path: string, bytes: Uint8Array): void {
    if (![".yml", ".yaml"].includes(extensionOf(path))) return;
    if (isSimpleYaml(Buffer.from(bytes).toString("utf8"))) return;
    this.#nodes += nodesIn(bytes);
    if (this.#nodes <= this.limit) return;
    throw new AppError(
      "TooLarge",
      `The YAML files together have more than ${String(this.limit)} values, lines and items, which is too many to read at once. Import fewer of them.`,
      { path, limit: this.limit },
    );
  }
}
