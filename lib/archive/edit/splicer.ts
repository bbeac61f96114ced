import { own } from "@/lib/domain/own";
import {
  isMap,
  isScalar,
  isSeq,
  Scalar,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { columnOf, indented, inMannerOf, isInline, render, renderFlow, type Style } from "./style";
import { isFields, sameValue, type Fields } from "./values";

/** Thrown where the text cannot be changed in place; the caller then writes the document anew. */
export class Unspliceable extends Error {}

interface Splice {
  start: number;
  end: number;
  text: string;
}

interface Entry {
  key: string;
  /** Where the key begins, and where its colon stands. */
  start: number;
  colon: number;
  node: Node;
  end: number;
}

function startOf(node: Node): number {
  if (!node.range) throw new Unspliceable();
  return node.range[0];
}

/** Collects the smallest changes of a text that turn one value into another. */
export class Splicer {
  readonly #splices: Splice[] = [];

  constructor(
    private readonly text: string,
    private readonly document: Document,
    private readonly style: Style,
  ) {}

  result(): string {
    let text = "";
    let at = 0;
    for (const { start, end, text: inserted } of this.#splices.sort(
      (a, b) => a.start - b.start || a.end - b.end,
    )) {
      if (start < at) throw new Unspliceable();
      text += this.text.slice(at, start) + inserted;
      at = end;
    }
    return text + this.text.slice(at);
  }

  map(map: YAMLMap, target: Fields): void {
    const entries = map.items.map((pair) => this.#entry(pair));
    const kept = entries.filter(({ key }) => Object.hasOwn(target, key));
    const known = new Set(entries.map(({ key }) => key));
    const added = Object.keys(target).filter((key) => !known.has(key));
    const last = kept.at(-1);
    if (!last) throw new Unspliceable();
    if (map.flow && (added.length > 0 || kept.length < entries.length)) {
      this.#replaceFlow(map, target);
      return;
    }
    for (const [at, entry] of entries.entries()) {
      if (!Object.hasOwn(target, entry.key))
        this.#remove(entry, entries[at + 1], at === 0 && map === this.document.contents);
      else this.#value(entry, own(target, entry.key), Boolean(map.flow));
    }
    const column = columnOf(this.text, last.start);
    for (const key of added)
      this.#insertAfter(
        last.end,
        " ".repeat(column) + indented(render({ [key]: own(target, key) }, this.style), column, this.style),
      );
  }

  seq(seq: YAMLSeq, target: readonly unknown[]): void {
    const items = seq.items.map((item) => {
      if (!isMap(item) && !isSeq(item) && !isScalar(item)) throw new Unspliceable();
      return { node: item as Node, value: item.toJS(this.document) as unknown };
    });
    if (seq.flow && items.length !== target.length) {
      this.#replaceFlow(seq, target);
      return;
    }
    let head = 0;
    while (head < Math.min(items.length, target.length) && sameValue(items[head]?.value, target[head]))
      head++;
    let tail = 0;
    while (
      tail < Math.min(items.length, target.length) - head &&
      sameValue(items[items.length - 1 - tail]?.value, target[target.length - 1 - tail])
    )
      tail++;
    const old = items.slice(head, items.length - tail);
    const next = target.slice(head, target.length - tail);
    const pairs = Math.min(old.length, next.length);
    const column = columnOf(this.text, startOf(seq));
    for (const [at, { node }] of old.entries()) {
      if (at < pairs) this.#item(node, next[at], column, Boolean(seq.flow));
      else this.#removeItem(node);
    }
    if (next.length > pairs) this.#insertItems(next.slice(pairs), items[head + pairs - 1]?.node, seq, column);
  }

  #entry({ key, value }: Pair): Entry {
    if (!isScalar(key) || !key.range || !(isMap(value) || isSeq(value) || isScalar(value)))
      throw new Unspliceable();
    const colon = /^[ \t]*:/.exec(this.text.slice(key.range[1], key.range[1] + 200));
    if (!colon || !value.range) throw new Unspliceable();
    const at = key.range[1] + colon[0].length - 1;
    return {
      key: String(key.value),
      start: key.range[0],
      colon: at,
      node: value,
      end: this.#endOf(value, at + 1),
    };
  }

  /** Where a node's own text ends, without the blank lines that follow it. */
  #endOf(node: Node, from: number): number {
    let end = Math.max(node.range?.[1] ?? from, from);
    while (end > from && /\s/.test(this.text.charAt(end - 1))) end--;
    return end;
  }

  #lineEnd(offset: number): number {
    const at = this.text.indexOf("\n", offset);
    if (at === -1) return this.text.length;
    return this.text.charAt(at - 1) === "\r" && at - 1 >= offset ? at - 1 : at;
  }

  #insertAfter(offset: number, lines: string): void {
    const end = this.#lineEnd(offset);
    this.#splices.push({ start: end, end, text: this.style.eol + lines });
  }

  #value(entry: Entry, target: unknown, isFlow: boolean): void {
    const { node } = entry;
    if (sameValue(node.toJS(this.document), target)) return;
    if (this.#inside(node, target, isFlow)) return;
    if (isFlow) throw new Unspliceable();
    const value = render({ k: inMannerOf(node, target) }, this.style).slice(2);
    const column = columnOf(this.text, entry.start);
    this.#splices.push({ start: entry.colon + 1, end: entry.end, text: indented(value, column, this.style) });
  }

  /** Changes a node from within; false where it has to be replaced as a whole. */
  #inside(node: Node, target: unknown, isFlow: boolean): boolean {
    if (
      isMap(node) &&
      isFields(target) &&
      node.items.some(({ key }) => isScalar(key) && Object.hasOwn(target, String(key.value)))
    ) {
      this.map(node, target);
      return true;
    }
    if (isSeq(node) && Array.isArray(target) && node.items.length > 0 && target.length > 0) {
      this.seq(node, target);
      return true;
    }
    if (isSeq(node) || isMap(node)) {
      if (!node.flow || isInline(target)) return false;
      this.#replaceFlow(node, target);
      return true;
    }
    return isScalar(node) && isInline(target) && this.#scalar(node, target, isFlow);
  }

  #scalar(node: Scalar, target: unknown, isFlow: boolean): boolean {
    const isBlock = node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL;
    const [start, end] = node.range ?? [0, 0];
    if (isBlock || start === end) return false;
    const value = inMannerOf(node, target);
    const text = isFlow
      ? renderFlow(this.document, value, this.style)
      : render({ k: value }, this.style).slice(3);
    if (text.includes("\n")) return false;
    this.#splices.push({ start, end, text });
    return true;
  }

  #replaceFlow(node: YAMLMap | YAMLSeq, target: unknown): void {
    const start = startOf(node);
    this.#splices.push({
      start,
      end: this.#endOf(node, start),
      text: renderFlow(this.document, target, this.style),
    });
  }

  #item(node: Node, target: unknown, column: number, isFlow: boolean): void {
    if (sameValue(node.toJS(this.document), target) || this.#inside(node, target, isFlow)) return;
    if (isFlow) throw new Unspliceable();
    const start = startOf(node);
    const text = indented(render([inMannerOf(node, target)], this.style).slice(2), column, this.style);
    this.#splices.push({ start, end: this.#endOf(node, start), text });
  }

  #remove({ start, end }: Entry, next: Entry | undefined, isFirst: boolean): void {
    const line = this.text.lastIndexOf("\n", start - 1) + 1;
    if (this.text.slice(line, start).trim() !== "") {
      // The first key after a list's dash: what follows takes its place.
      if (!next) throw new Unspliceable();
      this.#splices.push({ start, end: next.start, text: "" });
      return;
    }
    this.#splices.push({
      start: isFirst ? line : this.#withComments(line, start - line),
      end: this.#nextLine(end),
      text: "",
    });
  }

  /** Comments right above a key belong to it. */
  #withComments(line: number, column: number): number {
    let from = line;
    for (;;) {
      const above = this.text.lastIndexOf("\n", from - 2) + 1;
      const comment = this.text.slice(above, from);
      if (from === 0 || comment.search(/\S/) !== column || !comment.trimStart().startsWith("#")) return from;
      from = above;
    }
  }

  #nextLine(offset: number): number {
    const at = this.text.indexOf("\n", offset);
    return at === -1 ? this.text.length : at + 1;
  }

  #removeItem(node: Node): void {
    const start = startOf(node);
    const line = this.text.lastIndexOf("\n", start - 1) + 1;
    if (!/^\s*-\s+$/.test(this.text.slice(line, start))) throw new Unspliceable();
    this.#splices.push({ start: line, end: this.#nextLine(this.#endOf(node, start)), text: "" });
  }

  #insertItems(values: readonly unknown[], after: Node | undefined, seq: YAMLSeq, column: number): void {
    const lines = values.map((value) => indented(render([value], this.style), column, this.style));
    if (after) {
      for (const line of lines)
        this.#insertAfter(this.#endOf(after, startOf(after)), " ".repeat(column) + line);
      return;
    }
    const start = startOf(seq);
    const gap = this.style.eol + " ".repeat(column);
    this.#splices.push({ start, end: start, text: lines.map((line) => line + gap).join("") });
  }
}
