import { Document, isMap, isSeq, Scalar, stringify, visit, type Pair, type ToStringOptions } from "yaml";
import { columnOf, type Manner, type Source } from "./source/source";
import { isFields } from "./values";

/** How a person wrote a file, so that what is added looks like the rest. */
export interface Style {
  format: "yaml" | "json";
  indent: number;
  indentSeq: boolean;
  singleQuote: boolean;
  eol: "\n" | "\r\n";
  /** What JSON is indented with; null where it stands on one line. */
  jsonIndent: string | null;
  version: "1.1" | "1.2";
}

const PLAIN_STYLE = {
  indent: 2,
  indentSeq: true,
  singleQuote: false,
  jsonIndent: null,
  version: "1.2",
} as const;

function eolOf(text: string): Style["eol"] {
  return /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n";
}

export function jsonStyleOf(text: string): Style {
  const indent = /[[{]\r?\n([ \t]+)\S/.exec(text)?.[1] ?? (text.trim().includes("\n") ? "  " : null);
  return { ...PLAIN_STYLE, format: "json", eol: eolOf(text), jsonIndent: indent };
}

/** Reads the style off the first nested map, the first list and the quotes in use. */
export function yamlStyleOf(document: Document, text: string): Style {
  let indent: number | undefined;
  let indentSeq: boolean | undefined;
  let single = 0;
  let double = 0;
  visit(document, {
    Pair(_, { value, srcToken }: Pair) {
      const key = srcToken?.key?.offset;
      if (key === undefined || !(isMap(value) || isSeq(value)) || value.flow) return;
      const start = value.srcToken?.offset;
      if (start === undefined) return;
      const deeper = columnOf(text, start) - columnOf(text, key);
      if (isMap(value) && deeper > 0 && deeper <= 8) indent ??= deeper;
      if (isSeq(value)) indentSeq ??= deeper > 0;
    },
    Scalar(_, { type }) {
      if (type === Scalar.QUOTE_SINGLE) single++;
      if (type === Scalar.QUOTE_DOUBLE) double++;
    },
  });
  return {
    ...PLAIN_STYLE,
    format: "yaml",
    indent: indent ?? 2,
    indentSeq: indentSeq ?? true,
    singleQuote: single > double,
    eol: eolOf(text),
    version: document.directives?.yaml.version === "1.1" ? "1.1" : "1.2",
  };
}

const SCALAR_TYPES = {
  plain: undefined,
  single: Scalar.QUOTE_SINGLE,
  double: Scalar.QUOTE_DOUBLE,
  literal: Scalar.BLOCK_LITERAL,
  folded: Scalar.BLOCK_FOLDED,
} as const;

/** Text of several lines on one. */
function quoteLines(scalar: Scalar): void {
  if (typeof scalar.value === "string" && scalar.value.includes("\n")) scalar.type = Scalar.QUOTE_DOUBLE;
}

/** Writes new values in a file's style. `isSafe`: every text in quotes, every collection in brackets. */
export class Writer {
  constructor(
    private readonly style: Style,
    private readonly longIntegers: Source["longIntegers"],
    readonly isSafe: boolean,
  ) {}

  get isJson(): boolean {
    return this.style.format === "json";
  }

  get eol(): string {
    return this.style.eol;
  }

  /** What stands between two items of one line. */
  get gap(): string {
    return this.isJson && this.style.jsonIndent === null ? "" : " ";
  }

  /** A value behind the colon of a key in the given column, with the space before it. */
  behindColon(value: unknown, column: number, manner: Manner = "plain"): string {
    return this.#indented(this.#block({ k: this.#mannered(value, manner) }).slice(2), column);
  }

  /** A value behind a hyphen in the given column, with the space before it. */
  behindHyphen(value: unknown, column: number, manner: Manner = "plain"): string {
    return this.#indented(this.#block([this.#mannered(value, manner)]).slice(1), column);
  }

  /** A list or map on lines of its own below a hyphen in the given column, with the line break before it. */
  belowHyphen(value: unknown, column: number): string {
    const deeper = column + this.style.indent;
    return (
      this.eol + " ".repeat(deeper) + this.#indented(this.#written(this.#prepared(value), false), deeper)
    );
  }

  entry(name: string, value: unknown, column: number): string {
    return " ".repeat(column) + this.#indented(this.#block({ [name]: this.#prepared(value) }), column);
  }

  item(value: unknown, column: number): string {
    return `${" ".repeat(column)}-${this.behindHyphen(value, column)}`;
  }

  /** A value inside brackets; `prefix` is what its line begins with. */
  inline(value: unknown, prefix: string, manner: Manner = "plain"): string {
    if (this.isJson) return this.#json(this.#prepared(value), this.style.eol + prefix);
    return this.#flow([this.#mannered(value, manner)]).slice(1, -1);
  }

  inlineEntry(name: string, value: unknown, prefix: string): string {
    if (this.isJson)
      return `${JSON.stringify(name)}:${this.style.jsonIndent === null ? "" : " "}${this.inline(value, prefix)}`;
    return this.#flow({ [name]: this.#prepared(value) }).slice(1, -1);
  }

  /** Integers that the API cannot carry, written out as they were. */
  #prepared(value: unknown): unknown {
    if (typeof value === "number") return this.longIntegers.get(value) ?? value;
    if (Array.isArray(value)) return value.map((item) => this.#prepared(item));
    if (!isFields(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#prepared(item)]));
  }

  #mannered(value: unknown, manner: Manner): unknown {
    const prepared = this.#prepared(value);
    const type = SCALAR_TYPES[manner];
    if (typeof prepared !== "string" || this.isSafe || type === undefined) return prepared;
    const isBlock = type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED;
    // Text of several lines is easier to read in a block of its own.
    if (!isBlock && prepared.includes("\n")) return prepared;
    const scalar = new Scalar(prepared);
    scalar.type = type;
    return scalar;
  }

  #options(): ToStringOptions {
    const { indent, indentSeq, singleQuote } = this.style;
    const quotes = this.isSafe
      ? ({ defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "QUOTE_DOUBLE" } as const)
      : { singleQuote: singleQuote ? true : null };
    return {
      lineWidth: 0,
      indent,
      indentSeq,
      flowCollectionPadding: false,
      doubleQuotedMinMultiLineLength: 1e9,
      ...quotes,
    };
  }

  #block(value: unknown): string {
    if (!this.isSafe) return this.#written(value, false);
    const isList = Array.isArray(value);
    const [key = "", item] = Object.entries(Object(value) as object)[0] ?? [];
    const text = this.#flow([item]).slice(1, -1);
    if (isList) return `- ${text}`;
    // The one-letter key stands for one that is written already.
    return `${key === "k" ? key : JSON.stringify(key)}: ${text}`;
  }

  #flow(value: unknown): string {
    return this.#written(value, true);
  }

  #written(value: unknown, flow: boolean): string {
    const document = new Document(value, { version: this.style.version, aliasDuplicateObjects: false });
    if (flow)
      visit(document, {
        Collection: (_, node) => void (node.flow = true),
        Scalar: (_, node) => quoteLines(node),
      });
    return stringify(document, this.#options())
      .replace(/^%YAML[^\n]*\n---\n/, "")
      .replace(/\n$/, "");
  }

  /** Every line but the first moved to the right, in the file's own line ends. */
  #indented(yaml: string, columns: number): string {
    const gap = " ".repeat(columns);
    const [first = "", ...rest] = yaml.split("\n");
    return [first, ...rest.map((line) => (line === "" ? "" : gap + line))].join(this.style.eol);
  }

  #json(value: unknown, gap: string): string {
    if (typeof value === "bigint") return value.toString();
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const { jsonIndent } = this.style;
    const inner = jsonIndent === null ? "" : gap + jsonIndent;
    const colon = jsonIndent === null ? ":" : ": ";
    const parts = Array.isArray(value)
      ? value.map((item) => this.#json(item, inner))
      : Object.entries(value).map(([key, item]) => JSON.stringify(key) + colon + this.#json(item, inner));
    const [open, close] = Array.isArray(value) ? "[]" : "{}";
    if (parts.length === 0) return `${String(open)}${String(close)}`;
    return `${String(open)}${inner}${parts.join(`,${inner}`)}${jsonIndent === null ? "" : gap}${String(close)}`;
  }
}
