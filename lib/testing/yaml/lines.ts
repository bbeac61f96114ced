import { isAlias, isMap, isScalar, isSeq, parseDocument, type CST } from "yaml";

export type Path = readonly (string | number)[];

export function linesOf(text: string): string[] {
  return text.replace(/^\ufeff/, "").split(/\r?\n/);
}

const BLANK = new Set(["space", "newline", "comment", "comma"]);
const marks = (tokens: readonly CST.SourceToken[] = []) => tokens.filter(({ type }) => !BLANK.has(type));

/** Where the last token of a value ends, found in the tokens of the parser. */
function endOf(token: CST.Token | null | undefined): number {
  if (!token) return 0;
  if (token.type === "block-scalar") {
    const head = token.props.reduce((sum, prop) => sum + ("source" in prop ? prop.source.length : 0), 0);
    return token.offset + head + token.source.trimEnd().length;
  }
  if (token.type === "flow-collection") return (token.end[0]?.offset ?? token.offset) + 1;
  if (token.type === "block-map" || token.type === "block-seq")
    return Math.max(token.offset, ...token.items.map((item) => itemEnd(item)));
  return "source" in token ? token.offset + token.source.length : token.offset;
}

function itemEnd({ start, key, sep, value }: CST.CollectionItem): number {
  const own = [...marks(start), ...marks(sep)].map(({ offset, source }) => offset + source.length);
  return Math.max(0, ...own, endOf(key), endOf(value));
}

function childOf(node: unknown, step: string | number): { item: CST.CollectionItem; node: unknown } | null {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && (key.source ?? key.value) === step);
    const byValue = pair ?? node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
    return byValue?.srcToken ? { item: byValue.srcToken, node: byValue.value } : null;
  }
  if (!isSeq(node) || !node.srcToken || !("items" in node.srcToken)) return null;
  const items: readonly CST.CollectionItem[] = node.srcToken.items;
  const filled = items.filter(({ start, key, sep, value }) => key || sep || value || marks(start).length > 0);
  const item = filled[Number(step)];
  return item ? { item, node: node.items[Number(step)] } : null;
}

/**
 * The lines that belong to a value, from its key or hyphen to its end with the comments below it that stand deeper; null
 * where the path leads through an alias or a key that is no text.
 */
export function linesOfValue(text: string, path: Path): { from: number; to: number; isFlow: boolean } | null {
  const shown = text.replace(/^\ufeff/, " ");
  const document = parseDocument(text, { uniqueKeys: false, logLevel: "silent", keepSourceTokens: true });
  let node: unknown = document.contents;
  let isFlow = false;
  let start = 0;
  let end = text.length;
  for (const step of path) {
    isFlow = (isMap(node) || isSeq(node)) && Boolean(node.flow);
    const child = isAlias(node) ? null : childOf(node, step);
    if (!child) return null;
    start = marks(child.item.start)[0]?.offset ?? child.item.key?.offset ?? child.item.value?.offset ?? start;
    end = Math.max(start, itemEnd(child.item));
    node = child.node;
  }
  const lineAt = (offset: number) => shown.slice(0, offset).split("\n").length - 1;
  const column = path.length === 0 ? -1 : start - (shown.lastIndexOf("\n", start - 1) + 1);
  const lines = linesOf(text);
  let to = lineAt(end) + 1;
  for (let at = to; at < lines.length; at++) {
    const own = lines[at]?.search(/\S/) ?? -1;
    const isWord = own === -1 && /[|>]\d?\+/.test(text);
    if (own !== -1 && !(lines[at]?.[own] === "#" && own > column)) break;
    if (own !== -1 || isWord) to = at + 1;
  }
  return { from: lineAt(start), to, isFlow };
}
