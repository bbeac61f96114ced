/** How a scalar is written. */
export type Manner = "plain" | "single" | "double" | "literal" | "folded";

/** A range of the text. */
export interface Range {
  start: number;
  end: number;
}

/** The place of a value: behind a key, behind a hyphen or between brackets. */
export interface Spot {
  /** The key as the API names it; null for an item of a list and for a merge key. */
  name: string | null;
  /** Where its key or hyphen begins. */
  start: number;
  /** Behind the colon or hyphen; behind the key where it has no colon. */
  mark: number;
  hasColon: boolean;
  tag: Range | null;
  /** Behind anchor and tag; the mark where there are none. */
  inside: number;
  /** Null where nothing stands. */
  node: SourceNode | null;
  /** What the API reads there. */
  value: unknown;
  /** Where what is written ends, without comments and blank lines. */
  end: number;
}

/** A value with the place of its text, whichever format the file has. */
export interface SourceNode extends Range {
  kind: "map" | "list" | "scalar" | "alias" | "opaque";
  /** In brackets, or inside such. */
  isFlow: boolean;
  /** A pair among the items of a list in brackets, which needs none of its own: `[a: 1]`. */
  isBarePair: boolean;
  /** The entries or items in the order of the text. */
  spots: Spot[];
  manner: Manner;
  /** For an alias: what it stands for. */
  target: SourceNode | null;
}

/** A file's text with all its values. */
export interface Source {
  text: string;
  root: Spot;
  /** Integers too long for the API, by what it reads. */
  longIntegers: ReadonlyMap<number, bigint | null>;
}

/** Where the line of a place begins; a byte order mark stands before the first line. */
export function lineStart(text: string, offset: number): number {
  const start = offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
  return start === 0 && text.startsWith("\ufeff") && offset > 0 ? 1 : start;
}

/** Where the line of a place ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf("\n", offset);
  if (at === -1) return text.length;
  return at > offset && text.charAt(at - 1) === "\r" ? at - 1 : at;
}

/** Where the next line begins. */
export function nextLine(text: string, offset: number): number {
  const at = text.indexOf("\n", offset);
  return at === -1 ? text.length : at + 1;
}

export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Whether nothing but space stands before a place on its line. */
export function isFirstOnLine(text: string, offset: number): boolean {
  return /^[ \t]*$/.test(text.slice(lineStart(text, offset), offset));
}

/**
 * Where what belongs to an entry in this column ends: its own last line, and comments below it that stand deeper,
 * such as an item that was commented out.
 */
export function blockEnd(text: string, end: number, column: number): number {
  let last = lineEnd(text, end);
  for (let at = nextLine(text, last); at < text.length; at = nextLine(text, at)) {
    const line = text.slice(at, lineEnd(text, at));
    const own = line.search(/\S/);
    if (own === -1) continue;
    if (line.charAt(own) !== "#" || own <= column) break;
    last = lineEnd(text, at);
  }
  return last;
}

/** Where the comments right above a place begin that stand in its own column. */
export function commentStart(text: string, start: number): number {
  let from = lineStart(text, start);
  const column = start - from;
  while (from > 0) {
    const above = lineStart(text, from - 1);
    const line = text.slice(above, from - 1);
    if (above === from || line.search(/\S/) !== column || line.charAt(column) !== "#") break;
    from = above;
  }
  return from;
}
