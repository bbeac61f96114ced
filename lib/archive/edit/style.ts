import { isMap, isScalar, isSeq, Scalar, stringify, visit, type Document, type Node } from "yaml";
import { isFields } from "./values";

/** How a person wrote a file, so that what is added looks like the rest. */
export interface Style {
  indent: number;
  indentSeq: boolean;
  /** null: as the value needs it. */
  singleQuote: true | null;
  eol: "\n" | "\r\n";
}

export function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** Reads the style off the first nested map, the first list and the quotes in use. */
export function styleOf(document: Document, text: string): Style {
  let indent: number | undefined;
  let indentSeq: boolean | undefined;
  let single = 0;
  let double = 0;
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || !key.range) return;
      const start = isMap(value) || isSeq(value) ? value.range?.[0] : undefined;
      if (start === undefined || ("flow" in Object(value) && (value as { flow?: boolean }).flow)) return;
      const deeper = columnOf(text, start) - columnOf(text, key.range[0]);
      if (isMap(value) && deeper > 0 && deeper <= 8) indent ??= deeper;
      if (isSeq(value)) indentSeq ??= deeper > 0;
    },
    Scalar(_, { type }) {
      if (type === Scalar.QUOTE_SINGLE) single++;
      if (type === Scalar.QUOTE_DOUBLE) double++;
    },
  });
  return {
    indent: indent ?? 2,
    indentSeq: indentSeq ?? true,
    singleQuote: single > double ? true : null,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
}

/** The YAML of a value on its own, without the line's end. */
export function render(value: unknown, style: Style): string {
  const { indent, indentSeq, singleQuote } = style;
  return stringify(value, { lineWidth: 0, indent, indentSeq, singleQuote }).replace(/\n$/, "");
}

/** The YAML of a value inside brackets, on one line. */
export function renderFlow(document: Document, value: unknown, style: Style): string {
  const list = document.createNode([value], { flow: true });
  const { singleQuote } = style;
  return stringify(list, { lineWidth: 0, singleQuote, flowCollectionPadding: false })
    .replace(/\n$/, "")
    .slice(1, -1);
}

/** Every line but the first moved to the right, in the file's own line ends. */
export function indented(yaml: string, columns: number, { eol }: Style): string {
  return yaml
    .split("\n")
    .join(eol + " ".repeat(columns))
    .replace(/[ ]+(?=\r?\n)/g, "");
}

/** A new scalar in the manner of the one it replaces. */
export function inMannerOf(old: Node, value: unknown): unknown {
  if (!isScalar(old) || typeof value !== "string" || typeof old.value !== "string") return value;
  const isBlock = old.type === Scalar.BLOCK_LITERAL || old.type === Scalar.BLOCK_FOLDED;
  if (!isBlock && (old.type === undefined || value.includes("\n"))) return value;
  const scalar = new Scalar(value);
  // Folding adds line breaks that literal text does not need.
  scalar.type = old.type === Scalar.PLAIN || !old.type ? undefined : old.type;
  return scalar.type === undefined ? value : scalar;
}

export function isInline(value: unknown): boolean {
  return !Array.isArray(value) && (!isFields(value) || value instanceof Scalar);
}
