/**
 * A block of literal text (`|`) with other words in it, indented as it was and with its comment; null where its form
 * cannot carry them. `column` is where its key or hyphen stands.
 */
export function reworded(written: string, value: string, column: number, eol: string): string | null {
  const [header = "", ...lines] = written.split(/\r?\n/);
  const [, digit = "", rest = ""] = /^\|[+-]?([1-9]?)[+-]?(.*)$/.exec(header) ?? [];
  const first = lines.find((line) => line.trim() !== "");
  const depth = digit === "" ? (first?.search(/[^ ]/) ?? 0) : column + Number(digit);
  if (!header.startsWith("|") || !first || depth <= column || first.search(/[^ ]/) < depth) return null;
  if (value.trim() === "" || value.includes("\r")) return null;
  const chomp = value.endsWith("\n\n") ? "+" : value.endsWith("\n") ? "" : "-";
  const next = value.replace(/\n$/, "").split("\n");
  // Space in front of the first words would be taken for indentation.
  const isIndented = /^(?: |\n)/.test(value);
  const deeper = depth - column;
  if (isIndented && deeper > 9) return null;
  const indicator = digit === "" && !isIndented ? "" : String(deeper);
  const gap = " ".repeat(depth);
  const body = next.map((line) => (line === "" ? "" : gap + line));
  return [`|${indicator}${chomp}${rest}`, ...body].join(eol);
}
