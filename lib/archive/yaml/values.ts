import { isAlias, isCollection, isNode, isPair } from "yaml";
import type { Document } from "yaml";
import { unreadable } from "./bounds";

/** How many values a document may have when every alias stands for a copy. */
const MAX_VALUES = 100_000;
/** To find what an alias stands for, the library looks through all anchors and aliases: this many take as long as a value. */
const LOOKS_PER_VALUE = 25;
/** A map or list that is a key is written out as text, which takes several times as long as its value. */
const KEY_FACTOR = 20;

interface Anchored {
  node: unknown;
  /** Null inside the node itself. */
  values: number | null;
}

/** Counts the values that a document would make, without making them. */
class Counter {
  readonly #anchors = new Map<string, Anchored>();
  #marks = 0;

  constructor(
    private readonly marks: number,
    private readonly path: string,
  ) {}

  /** How many anchors and aliases it met. */
  get met(): number {
    return this.#marks;
  }

  count(node: unknown): number {
    if (isPair(node)) return this.#key(node.key) + this.count(node.value);
    if (!isNode(node)) return 1;
    if (isAlias(node)) return this.#alias(node.source);
    const anchored = node.anchor === undefined ? null : { node, values: null as number | null };
    if (node.anchor !== undefined && anchored) {
      this.#marks++;
      this.#anchors.set(node.anchor, anchored);
    }
    let values = 1;
    if (isCollection(node)) for (const item of node.items) values += this.count(item);
    if (anchored) anchored.values = values;
    return this.#checked(values);
  }

  #alias(name: string): number {
    this.#marks++;
    const anchored = this.#anchors.get(name);
    // One that stands for nothing is refused when values are made.
    if (!anchored) return 1;
    if (anchored.values === null)
      throw unreadable(this.path, undefined, "has an alias inside the very value it stands for.");
    return this.#checked(anchored.values + this.marks / LOOKS_PER_VALUE);
  }

  #key(key: unknown): number {
    const values = this.count(key);
    if (!isCollection(key) && !isAlias(key)) return values;
    return this.#checked(values * KEY_FACTOR + this.marks / LOOKS_PER_VALUE);
  }

  #checked(values: number): number {
    if (values <= MAX_VALUES) return values;
    throw unreadable(
      this.path,
      undefined,
      `has more than ${String(MAX_VALUES)} values, counting what each alias stands for, which is too many.`,
    );
  }
}

/** Refuses a document whose values would be too many, or have no end, before any is made. Throws UnreadableContent. */
export function refuseManyValues(document: Document, path: string): void {
  const first = new Counter(0, path);
  first.count(document.contents);
  if (first.met > 0) new Counter(first.met, path).count(document.contents);
}
