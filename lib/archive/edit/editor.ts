import { own } from "@/lib/domain/own";
import { align } from "./align";
import { BlockLines, type Row } from "./block-lines";
import { Brackets } from "./brackets";
import { columnOf, lineEnd, lineStart, type Source, type SourceNode, type Spot } from "./source/source";
import { Splices, Unspliceable } from "./splices";
import type { Writer } from "./style";
import { reworded } from "./text-block";
import { isFields, sameValue, type Fields } from "./values";

/** Whether one collection becomes another of its kind, by a change of a part of it. */
function isPart(before: unknown, after: unknown): boolean {
  return (Array.isArray(before) && Array.isArray(after)) || (isFields(before) && isFields(after));
}

function isCollection(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** Of a key that stands there twice, as `<<` may, the API reads one only. */
function refuseTwins(spots: readonly Spot[], before: Fields, target: Fields): void {
  const seen = new Set<string>();
  for (const { name } of spots) {
    if (name === null) continue;
    if (seen.has(name) && !(Object.hasOwn(target, name) && sameValue(own(before, name), own(target, name))))
      throw new Unspliceable("its key appears twice.");
    seen.add(name);
  }
}

/** Collects the smallest changes of a text that turn one value into another. */
export class Editor {
  readonly #splices: Splices;
  readonly #blocks: BlockLines;
  readonly #brackets: Brackets;
  /** What values become: an alias of one of them becomes it, too. */
  readonly #became = new Map<SourceNode, unknown>();

  constructor(
    private readonly source: Source,
    private readonly writer: Writer,
    private readonly keepsTags: boolean,
  ) {
    this.#splices = new Splices(source.text);
    this.#blocks = new BlockLines(source.text, this.#splices, writer.eol);
    this.#brackets = new Brackets(source.text, this.#splices, writer.eol, writer.gap);
  }

  /** The text that says `target`. Throws Unspliceable. */
  edited(target: Fields): string {
    const { root } = this.source;
    const { node } = root;
    if (!node) this.#fill(target);
    else if (root.value === null) this.#replaceInline(root, node, target);
    else if (node.kind === "map" && isFields(root.value)) this.#map(root, node, target, node.isFlow);
    else throw new Unspliceable("the file is not a map of fields.");
    return this.#splices.result();
  }

  /** Writes the first fields of a file that has none. */
  #fill(target: Fields): void {
    const { text } = this.source;
    const { eol } = this.writer;
    const lines = Object.entries(target).map(([name, value]) => this.writer.entry(name, value, 0));
    const ending = /^\.\.\.(?=\s|$)/m.exec(text)?.index ?? text.length;
    const isOpen = ending === text.length && text !== "" && !/[\n\ufeff]$/.test(text);
    this.#splices.insert(ending, lines.map((line) => (isOpen ? eol + line : line + eol)).join(""));
  }

  /** The space at the beginning of a place's line. */
  #prefix(offset: number): string {
    const line = this.source.text.slice(lineStart(this.source.text, offset), offset);
    return /^[ \t]*/.exec(line)?.[0] ?? "";
  }

  #value(spot: Spot, target: unknown, isFlow: boolean): void {
    if (sameValue(spot.value, target)) return;
    const { node } = spot;
    if (node) this.#became.set(node, target);
    if (node?.kind === "map" && isFields(target)) this.#map(spot, node, target, isFlow);
    else if (node?.kind === "list" && Array.isArray(target)) this.#list(spot, node, target, isFlow);
    else if (node?.kind === "alias") this.#alias(spot, node, target, isFlow);
    else this.#replace(spot, target, isFlow);
  }

  /** An alias follows what it stands for, or gives way to another value. */
  #alias(spot: Spot, { target: anchored }: SourceNode, target: unknown, isFlow: boolean): void {
    if (anchored && this.#became.has(anchored) && sameValue(this.#became.get(anchored), target)) return;
    // To change a part of it, all of it would have to be written out, and nothing could undo that.
    if (isPart(spot.value, target))
      throw new Unspliceable("it is an alias of another value, which would change as well.");
    this.#replace(spot, target, isFlow);
  }

  #map(spot: Spot, node: SourceNode, target: Fields, isFlow: boolean): void {
    const before = isFields(spot.value) ? spot.value : {};
    const isKept = ({ name }: Spot) => name === null || Object.hasOwn(target, name);
    const kept = node.spots.filter(isKept);
    const names = new Set(node.spots.map(({ name }) => name));
    refuseTwins(node.spots, before, target);
    const added = Object.keys(target).filter(
      // What a merge key brings along is there already.
      (name) =>
        !names.has(name) && !(Object.hasOwn(before, name) && sameValue(own(before, name), own(target, name))),
    );
    if (this.#isReplaced(spot, node, kept.length, added.length, isFlow)) {
      this.#replace(spot, target, isFlow);
      return;
    }
    for (const entry of kept)
      if (entry.name !== null) this.#value(entry, own(target, entry.name), node.isFlow);
    if (added.some((name) => Object.hasOwn(before, name) && isPart(own(before, name), own(target, name))))
      throw new Unspliceable("it comes from another value by a merge key.");
    if (added.length === 0 && kept.length === node.spots.length) return;
    // Without brackets of its own it has no room for a second pair, and with them it would not be what it was.
    if (node.isBarePair) throw new Unspliceable("it is a pair without braces among the items of a list.");
    const column = columnOf(this.source.text, node.start);
    const prefix = this.#prefix((node.spots[0] ?? node).start);
    const lines = added.map((name) =>
      node.isFlow
        ? this.writer.inlineEntry(name, own(target, name), prefix)
        : this.writer.entry(name, own(target, name), column),
    );
    if (node.isFlow) this.#brackets.change(node, [...kept, ...lines]);
    else this.#blocks.change(node.spots, [...kept, ...lines]);
  }

  /** Whether a collection is written anew: when nothing of it stays, or when it is empty and begins to have lines. */
  #isReplaced(spot: Spot, node: SourceNode, kept: number, added: number, isFlow: boolean): boolean {
    if (spot === this.source.root) return false;
    if (node.isBarePair || !node.isFlow) return kept === 0;
    return node.spots.length === 0 && added > 0 && this.#isBare(spot, node, isFlow);
  }

  /** An empty collection as people write it, behind its key. */
  #isBare(spot: Spot, node: SourceNode, isFlow: boolean): boolean {
    if (node.end - node.start !== 2) return false;
    return this.writer.isJson || (!isFlow && this.source.text.slice(spot.inside, node.start) === " ");
  }

  #list(spot: Spot, node: SourceNode, target: readonly unknown[], isFlow: boolean): void {
    const { spots } = node;
    const isEmptied = !node.isFlow && target.length === 0;
    if (isEmptied || this.#isReplaced(spot, node, 1, target.length, isFlow)) {
      this.#replace(spot, target, isFlow);
      return;
    }
    const old = spots.map(({ value }) => value);
    const { places, moved } = align(old, target);
    for (const [at, place] of places.entries()) {
      const item = place === null ? undefined : spots[place];
      if (item) this.#value(item, target[at], node.isFlow);
    }
    const rows = places.map((place, at): Row => {
      const from = spots[moved.get(at) ?? -1];
      return (place === null ? undefined : spots[place]) ?? this.#newItem(node, target[at], from);
    });
    const movedSpots = new Set([...moved.values()].flatMap((at) => spots[at] ?? []));
    if (!node.isFlow) this.#blocks.change(spots, rows, movedSpots);
    else if (rows.length !== spots.length || rows.some((row) => typeof row === "string"))
      this.#brackets.change(node, rows);
  }

  #newItem(node: SourceNode, value: unknown, from: Spot | undefined): string {
    const { text } = this.source;
    if (!node.isFlow)
      return from ? this.#blocks.lines(from) : this.writer.item(value, columnOf(text, node.start));
    return from
      ? text.slice(from.start, from.end)
      : this.writer.inline(value, this.#prefix((node.spots[0] ?? node).start));
  }

  #replaceInline(spot: Spot, node: SourceNode, target: unknown): void {
    this.#splices.replace(
      node.start,
      node.end,
      this.writer.inline(target, this.#prefix(spot.start), node.manner),
    );
  }

  /** Writes a value anew in the place of what stands there. */
  #replace(spot: Spot, target: unknown, isFlow: boolean): void {
    const { node } = spot;
    // A set, binary data, a date: what the API shows of it is not what stands there, and cannot be changed in part.
    const isShownOtherwise = node?.kind === "opaque" || (node?.kind === "scalar" && isCollection(spot.value));
    if (isShownOtherwise && isPart(spot.value, target))
      throw new Unspliceable("it is binary data, a set or the like, of which no part can be changed.");
    this.#dropTag(spot, target);
    if (isFlow && node) this.#replaceInline(spot, node, target);
    else if (isFlow) {
      const text = this.writer.inline(target, this.#prefix(spot.start));
      this.#splices.insert(spot.inside, spot.hasColon ? ` ${text}` : `: ${text}`);
    } else if (!spot.hasColon) {
      const column = columnOf(this.source.text, spot.start);
      const text = this.writer.behindColon(target, column);
      this.#splices.insert(
        lineEnd(this.source.text, spot.end),
        `${this.writer.eol}${" ".repeat(column)}:${text}`,
      );
    } else this.#replaceOnLines(spot, target);
  }

  /** A tag says what kind of value follows, so one of another kind goes without it. */
  #dropTag({ tag, node }: Spot, target: unknown): void {
    if (!tag) return;
    const kind = Array.isArray(target) ? "list" : isFields(target) ? "map" : "scalar";
    if (this.keepsTags && (node?.kind ?? "scalar") === kind) return;
    const hasSpace = this.source.text.charAt(tag.start - 1) === " ";
    this.#splices.remove(hasSpace ? tag.start - 1 : tag.start, tag.end);
  }

  #replaceOnLines(spot: Spot, target: unknown): void {
    const { text } = this.source;
    const { node, inside } = spot;
    const column = columnOf(text, spot.start);
    const manner = node?.manner ?? "plain";
    if (node?.manner === "literal" && typeof target === "string") {
      const words = reworded(text.slice(node.start, node.end), target, column, this.writer.eol);
      if (words !== null) {
        this.#splices.replace(node.start, node.end, words);
        return;
      }
    }
    const isItem = spot.mark === spot.start + 1 && text.charAt(spot.start) === "-";
    const written = isItem
      ? this.#behindHyphen(spot, target)
      : this.writer.behindColon(target, column, manner);
    const at = written.indexOf("\n");
    const isOneLine = at === -1;
    const head = isOneLine ? written : written.slice(0, at).replace(/\r$/, "");
    const body = isOneLine ? "" : this.writer.eol + written.slice(at + 1);
    if (node?.kind === "scalar" && isOneLine && !/^[|>]/.test(text.slice(node.start, node.end)))
      this.#splices.replace(node.start, node.end, head.trimStart());
    else this.#replaceWhole(spot, head, body, lineEnd(text, inside));
  }

  #behindHyphen({ start, end, node }: Spot, target: unknown): string {
    const { text } = this.source;
    const column = columnOf(text, start);
    const hasComment = text.slice(end, lineEnd(text, end)).trimStart().startsWith("#");
    const isFilled = isCollection(target) && Object.keys(Object(target) as object).length > 0;
    // A comment belongs to the whole, so that what is inside it begins on the next line.
    if (hasComment && isFilled && !this.writer.isSafe) return this.writer.belowHyphen(target, column);
    return this.writer.behindHyphen(target, column, node?.manner);
  }

  /** A comment behind the key stays there, in front of the lines that follow it. */
  #replaceWhole({ node, inside }: Spot, head: string, body: string, firstEnd: number): void {
    const { text } = this.source;
    if (!node || node.start > firstEnd) {
      this.#splices.insert(inside, head);
      this.#splices.replace(firstEnd, node ? node.end : firstEnd, body);
      return;
    }
    const header = /^[|>][0-9+-]*/.exec(text.slice(node.start, node.end))?.[0];
    if (header !== undefined && node.kind === "scalar") {
      this.#splices.replace(inside, node.start + header.length, head);
      this.#splices.replace(firstEnd, Math.max(firstEnd, node.end), body);
      return;
    }
    this.#splices.replace(inside, node.end, head);
    this.#splices.insert(lineEnd(text, node.end), body);
  }
}
