import { own } from "@/lib/domain/own";
import type { Source, SourceNode, Spot } from "./source";
import { isFields } from "../values";

/** Finds the places of all values in a text that is known to be valid JSON. */
export class JsonSource implements Source {
  readonly root: Spot;
  readonly longIntegers = new Map<number, bigint | null>();
  #at: number;

  constructor(
    readonly text: string,
    value: unknown,
  ) {
    this.#at = text.startsWith("\ufeff") ? 1 : 0;
    this.root = this.#spot(null, null, value);
  }

  #skipSpace(): void {
    while (/[ \t\r\n]/.test(this.text.charAt(this.#at))) this.#at++;
  }

  /** Reads one value; behind a key, `start` is where the key begins. */
  #spot(name: string | null, start: number | null, value: unknown): Spot {
    const mark = this.#at;
    this.#skipSpace();
    const first = start ?? this.#at;
    const node = this.#node(value);
    const inside = start === null ? first : mark;
    return {
      name,
      start: first,
      mark: inside,
      hasColon: true,
      tag: null,
      inside,
      node,
      value,
      end: node.end,
    };
  }

  #node(value: unknown): SourceNode {
    const start = this.#at;
    const open = this.text.charAt(start);
    const node: SourceNode = {
      kind: open === "{" ? "map" : open === "[" ? "list" : "scalar",
      start,
      end: start,
      isFlow: true,
      isBarePair: false,
      spots: [],
      manner: open === '"' ? "double" : "plain",
      target: null,
    };
    if (node.kind === "scalar") this.#scalar(open, value);
    else this.#inside(node, value);
    node.end = this.#at;
    return node;
  }

  #scalar(open: string, value: unknown): void {
    if (open === '"') {
      this.#string();
      return;
    }
    const start = this.#at;
    while (/[\w.+-]/.test(this.text.charAt(this.#at))) this.#at++;
    const written = this.text.slice(start, this.#at);
    if (typeof value !== "number" || Number.isSafeInteger(value) || !/^-?\d+$/.test(written)) return;
    const long = BigInt(written);
    const known = this.longIntegers.get(value);
    this.longIntegers.set(value, known === undefined || known === long ? long : null);
  }

  #string(): string {
    const start = this.#at++;
    while (this.text.charAt(this.#at) !== '"') this.#at += this.text.charAt(this.#at) === "\\" ? 2 : 1;
    this.#at++;
    return this.text.slice(start, this.#at);
  }

  #inside(node: SourceNode, value: unknown): void {
    this.#at++;
    for (;;) {
      this.#skipSpace();
      const next = this.text.charAt(this.#at);
      if (next === "}" || next === "]") break;
      if (next === ",") {
        this.#at++;
        continue;
      }
      node.spots.push(
        node.kind === "map"
          ? this.#entry(value)
          : this.#spot(
              null,
              null,
              Array.isArray(value) ? (value as unknown[])[node.spots.length] : undefined,
            ),
      );
    }
    this.#at++;
  }

  #entry(value: unknown): Spot {
    const start = this.#at;
    const name = String(JSON.parse(this.#string()));
    this.#skipSpace();
    this.#at++;
    return this.#spot(name, start, isFields(value) ? own(value, name) : undefined);
  }
}
