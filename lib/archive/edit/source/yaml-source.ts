import { own } from "@/lib/domain/own";
import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Pair,
  Scalar,
  YAMLMap,
  type CST,
  type Document,
  type YAMLSeq,
} from "yaml";
import type { Manner, Range, Source, SourceNode, Spot } from "./source";
import { isFields } from "../values";

type Item = CST.CollectionItem;
type Tokens = readonly CST.SourceToken[];

const MANNERS: Partial<Record<Scalar.Type, Manner>> = {
  [Scalar.QUOTE_SINGLE]: "single",
  [Scalar.QUOTE_DOUBLE]: "double",
  [Scalar.BLOCK_LITERAL]: "literal",
  [Scalar.BLOCK_FOLDED]: "folded",
};
const BLANK = new Set<string>(["space", "newline", "comment", "comma"]);

function endOf({ offset, source }: CST.SourceToken): number {
  return offset + source.length;
}

/** Finds the places of all values in a parsed document, which has to be read with its source tokens. */
export class YamlSource implements Source {
  readonly root: Spot;
  readonly longIntegers = new Map<number, bigint | null>();
  readonly #anchors = new Map<string, SourceNode>();

  /** `value` is what the API reads in this document. */
  constructor(
    readonly text: string,
    private readonly document: Document,
    value: unknown,
  ) {
    const node = this.#node(document.contents, value, { start: 0, end: 0 });
    this.root = {
      name: null,
      start: 0,
      mark: 0,
      hasColon: true,
      tag: null,
      inside: node?.start ?? 0,
      node,
      value,
      end: node?.end ?? 0,
    };
  }

  #node(node: unknown, value: unknown, at: Range): SourceNode | null {
    if (isMap(node)) return this.#collection(node, value, node.items.length, at);
    if (isSeq(node)) return this.#collection(node, value, node.items.length, at);
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source) ?? null;
      return { ...this.#base(node.range, "alias"), target };
    }
    if (!isScalar(node) || (node.range && node.range[0] === node.range[1] && !node.source)) {
      if (isScalar(node) && node.anchor)
        this.#anchors.set(node.anchor, this.#base([at.end, at.end], "scalar"));
      return null;
    }
    return this.#scalar(node);
  }

  #base(range: readonly number[] | null | undefined, kind: SourceNode["kind"]): SourceNode {
    const [start = 0, end = start] = range ?? [];
    const spots: Spot[] = [];
    return {
      kind,
      start,
      end,
      isFlow: false,
      isBarePair: false,
      spots,
      manner: "plain",
      target: null,
    };
  }

  #scalar(scalar: Scalar): SourceNode {
    const node = this.#base(scalar.range, "scalar");
    node.manner = MANNERS[scalar.type ?? Scalar.PLAIN] ?? "plain";
    if (node.manner === "literal" || node.manner === "folded") node.end = this.#blockScalarEnd(node);
    const { value, source = "" } = scalar;
    if (typeof value === "number" && !(Number.isSafeInteger(value) && !Object.is(value, -0))) {
      if (Number.isFinite(value) && /^[-+]?\d+$/.test(source))
        this.#noteLong(value, BigInt(source.replace("+", "")));
    }
    if (scalar.anchor) this.#anchors.set(scalar.anchor, node);
    return node;
  }

  #noteLong(read: number, written: bigint): void {
    const known = this.longIntegers.get(read);
    // Two that the API cannot tell apart: nobody can say which one is meant.
    this.longIntegers.set(read, known === undefined || known === written ? written : null);
  }

  /** A block of text that keeps the empty lines at its end has them as content. */
  #blockScalarEnd({ start, end }: Range): number {
    const written = this.text.slice(start, end);
    if (/^[|>]\d?\+/.test(written)) return end - (/\r?\n$/.exec(written)?.[0].length ?? 0);
    return start + written.trimEnd().length;
  }

  #collection(node: YAMLMap | YAMLSeq, value: unknown, count: number, at: Range): SourceNode {
    const token = node.srcToken;
    const isList = isSeq(node);
    const range = [token?.offset ?? node.range?.[0] ?? at.start, node.range?.[1] ?? at.end];
    const found = this.#base(range, isList ? "list" : "map");
    found.isFlow = Boolean(node.flow);
    const spots = isList
      ? this.#items(node, token, Array.isArray(value) ? value : [])
      : node.items.map((pair) => this.#entry(pair, isFields(value) ? value : {}));
    found.spots = spots;
    const last = spots.at(-1);
    if (!found.isFlow && last) {
      found.start = spots[0]?.start ?? found.start;
      found.end = last.end;
    }
    // A set, or an ordered map, which the API shows as something else.
    const isPlain = isList
      ? Array.isArray(value) && value.length === count && spots.length === count
      : isFields(value) && spots.every(({ name }) => name === null || Object.hasOwn(value, name));
    if (!isPlain) found.kind = "opaque";
    if (node.anchor) this.#anchors.set(node.anchor, found);
    return found;
  }

  #items(list: YAMLSeq, token: CST.Token | undefined, values: readonly unknown[]): Spot[] {
    const tokens = token && "items" in token ? (token.items as readonly Item[]) : [];
    const filled = tokens.filter(
      ({ start, key, sep, value }) => key || sep || value || start.some(({ type }) => !BLANK.has(type)),
    );
    return filled.map((item, at) => {
      const node = list.items[at];
      if (isMap(node) && !node.srcToken) return this.#barePair(node, item, values[at]);
      return this.#spot({ name: null, tokens: item.start, markType: "seq-item-ind" }, node, item, values[at]);
    });
  }

  #barePair(map: YAMLMap, item: Item, value: unknown): Spot {
    const [pair] = map.items;
    const node = this.#base(null, "map");
    const inner = isPair(pair) && this.#entry(pair, isFields(value) ? value : {});
    if (inner) node.spots = [inner];
    const start = (inner ? inner.start : item.start[0]?.offset) ?? 0;
    const end = inner ? inner.end : start;
    Object.assign(node, { start, end, isFlow: true, isBarePair: true });
    return { name: null, start, mark: start, hasColon: true, tag: null, inside: start, node, value, end };
  }

  #entry(pair: Pair, values: Readonly<Record<string, unknown>>): Spot {
    const item = pair.srcToken ?? { start: [] };
    const name = this.#nameOf(pair.key, values);
    // Anchors of keys count as well.
    if (!isScalar(pair.key)) this.#node(pair.key, undefined, { start: 0, end: 0 });
    else if (pair.key.anchor) this.#anchors.set(pair.key.anchor, this.#scalar(pair.key));
    const sep = item.sep ?? [];
    const value = name === null ? undefined : own(values, name);
    const spot = this.#spot({ name, tokens: sep, markType: "map-value-ind" }, pair.value, item, value);
    const before = item.start.find(({ type }) => !BLANK.has(type))?.offset;
    const colon = sep.find(({ type }) => type === "map-value-ind");
    spot.start = before ?? item.key?.offset ?? colon?.offset ?? spot.start;
    if (colon) return spot;
    const key = (pair.key as { range?: readonly number[] } | null)?.range?.[1] ?? spot.start + 1;
    const end = Math.max(key, ...item.start.filter(({ type }) => !BLANK.has(type)).map(endOf));
    return { ...spot, hasColon: false, mark: end, inside: end, end, tag: null };
  }

  #spot(
    { name, tokens, markType }: { name: string | null; tokens: Tokens; markType: string },
    node: unknown,
    item: Item,
    value: unknown,
  ): Spot {
    const mark = tokens.find(({ type }) => type === markType);
    const props = tokens.filter(({ type }) => type === "anchor" || type === "tag");
    const first = mark ?? tokens.find(({ type }) => !BLANK.has(type));
    const start = first?.offset ?? item.value?.offset ?? tokens.at(-1)?.offset ?? 0;
    const behind = mark ? endOf(mark) : start;
    const lastProp = props.at(-1);
    const inside = lastProp ? endOf(lastProp) : behind;
    const tag = props.find(({ type }) => type === "tag");
    const found = this.#node(node, value, { start, end: inside });
    return {
      name,
      start,
      mark: behind,
      hasColon: true,
      tag: tag ? { start: tag.offset, end: endOf(tag) } : null,
      inside,
      node: found,
      value,
      end: found ? Math.max(found.end, inside) : inside,
    };
  }

  /** The key as the library gives it to the API. */
  #nameOf(key: unknown, values: Readonly<Record<string, unknown>>): string | null {
    if (isScalar(key) && typeof key.value === "symbol") return null;
    const name =
      isScalar(key) && typeof key.value !== "object"
        ? String(key.value)
        : (Object.keys(this.#alone(key))[0] ?? "");
    return name === "<<" && !Object.hasOwn(values, name) ? null : name;
  }

  #alone(key: unknown): object {
    const map = new YAMLMap(this.document.schema);
    map.items.push(new Pair(key, null));
    return Object(map.toJS(this.document)) as object;
  }
}
