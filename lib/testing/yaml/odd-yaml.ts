/** A source of chance that gives the same again for the same seed. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SCALARS =
  `1|-0|0o17|0x1F|12345678901234567890|98765432109876543210|1e400|.inf|-.inf|.nan|1.50|1e3|~|null|Null|true|False|yes|2024-01-02|text|two words|a#b|http://x.y/z?a=b|'single'|'it''s'|"double"|"esc\\n\\u00e9\\x41"|""|''|!!str 12|!!binary aGVsbG8=|!mine word|!!null|!!float 1|"a, b: c"|'# no'|-x|é ü|=`.split(
    "|",
  );
const KEYS =
  "a|b|c|name|slug|'q k'|\"d k\"|1|1.5|true|~|a b|x/y|é|<<<|.inf|-1|a-b|$x|constructor|toString|__proto__".split(
    "|",
  );

/** Writes YAML with everything that YAML has, as people and machines write it. Not all of it is valid. */
export class OddYaml {
  #anchors: string[] = [];
  #step: number;

  constructor(private readonly random: () => number) {
    this.#step = this.#pick([2, 2, 2, 4, 1, 3]);
  }

  text(): string {
    const eol = this.#isOften(0.12) ? "\r\n" : "\n";
    const start = this.#pick([
      "",
      "",
      "",
      "",
      "---\n",
      "--- # first\n",
      "%YAML 1.2\n---\n",
      "%YAML 1.1\n---\n",
      "# top\n",
      "\n\n",
      "# c\n---\n# d\n",
    ]);
    const mark = this.#isOften(0.06) ? "\ufeff" : "";
    const body = this.#isOften(0.12) ? `${this.#flow(3)}\n` : `${this.#map(0, 3).join("\n")}\n`;
    const end = this.#pick(["", "", "", "", "...\n", "# end\n", "  # deep end\n", "\n\n", "...\n# over\n"]);
    const text = (mark + start + body + end).replaceAll("\n", eol);
    return this.#isOften(0.15) ? text.trimEnd() : text;
  }

  #isOften(share: number): boolean {
    return this.random() < share;
  }

  #count(most: number): number {
    return Math.floor(this.random() * (most + 1));
  }

  #pick<T>(items: readonly [T, ...T[]] | readonly T[]): T {
    return items[Math.floor(this.random() * items.length)] as T;
  }

  #remarks(column: number): string[] {
    if (!this.#isOften(0.18)) return [];
    const at = this.#pick([column, column, column, column + this.#step, Math.max(0, column - this.#step)]);
    return this.#pick([
      [`${" ".repeat(at)}# - remark`],
      [""],
      ["", `${" ".repeat(at)}# x: y`, ""],
      [`${" ".repeat(at)}#`],
    ]);
  }

  #tail(): string {
    return this.#isOften(0.12) ? this.#pick(["  # tail", "\t# tab", " #", "  ", "\t"]) : "";
  }

  #props(): string {
    if (this.#isOften(0.9)) return "";
    if (this.#isOften(0.3)) return this.#pick(["!mine ", "!<tag:x.y,2024:z> "]);
    const name = `n${String(this.#anchors.length)}`;
    this.#anchors.push(name);
    return `&${name} `;
  }

  #keys(most: number): string[] {
    return [...new Set(Array.from({ length: 1 + this.#count(most) }, () => this.#pick(KEYS)))];
  }

  #map(column: number, depth: number): string[] {
    const gap = " ".repeat(column);
    const lines: string[] = [];
    for (const key of this.#keys(4)) {
      lines.push(...this.#remarks(column));
      if (this.#isOften(0.04))
        lines.push(
          `${gap}? ${this.#pick([key, "[k, l]", "{k: l}"])}`,
          ...(this.#isOften(0.8) ? [`${gap}: ${this.#scalar()}`] : []),
        );
      else if (this.#anchors.length > 0 && this.#isOften(0.06))
        lines.push(`${gap}<<: *${this.#pick(this.#anchors)}`);
      else lines.push(...this.#behind(`${gap}${key}:`, column, depth, false));
    }
    return [...lines, ...this.#remarks(column)];
  }

  #list(column: number, depth: number): string[] {
    const lines: string[] = [];
    for (let left = 1 + this.#count(3); left > 0; left--)
      lines.push(...this.#remarks(column), ...this.#behind(`${" ".repeat(column)}-`, column, depth, true));
    return [...lines, ...this.#remarks(column)];
  }

  #behind(head: string, column: number, depth: number, isItem: boolean): string[] {
    const chance = this.random();
    const deeper = column + this.#step;
    if (chance < 0.05) return [head + this.#tail()];
    if (chance < 0.1 && this.#anchors.length > 0)
      return [`${head} *${this.#pick(this.#anchors)}${this.#tail()}`];
    if (chance < 0.5 || depth === 0) return [`${head} ${this.#props()}${this.#scalar()}${this.#tail()}`];
    if (chance < 0.6) return this.#words(head, deeper);
    if (chance < 0.66)
      return [`${head} word`, `${" ".repeat(deeper)}goes on`, "", `${" ".repeat(deeper)}and on`];
    if (chance < 0.76) return [`${head} ${this.#props()}${this.#flow(depth - 1)}${this.#tail()}`];
    const props = this.#props().trimEnd();
    const first = `${head}${props === "" ? "" : ` ${props}`}${this.#tail()}`;
    if (chance < 0.88) {
      if (isItem && this.#isOften(0.7)) return this.#compact(head, this.#map(column + 2, depth - 1), column);
      return [first, ...this.#map(deeper, depth - 1)];
    }
    if (isItem && this.#isOften(0.5)) return this.#compact(head, this.#list(column + 2, depth - 1), column);
    return [first, ...this.#list(isItem || this.#isOften(0.6) ? deeper : column, depth - 1)];
  }

  #compact(head: string, lines: string[], column: number): string[] {
    const at = lines.findIndex((line) => line.trim() !== "" && !line.trim().startsWith("#"));
    return [`${head} ${(lines[at] ?? "x").slice(column + 2)}`, ...lines.slice(at + 1)];
  }

  #words(head: string, column: number): string[] {
    const gap = " ".repeat(column);
    const sign = this.#pick([
      "|",
      "|-",
      "|+",
      ">",
      ">-",
      ">+",
      `|${String(this.#step)}`,
      `|${String(this.#step)}-`,
      `>${String(this.#step)}`,
      "| # said",
    ]);
    const lines = this.#pick([
      ["one"],
      ["one", "two"],
      ["one", "", "  more"],
      ["# no remark", "- x: y"],
      ["end", "", ""],
      ["trailing  ", "\ttab"],
    ]);
    return [`${head} ${sign}`, ...lines.map((line) => (line === "" ? "" : gap + line))];
  }

  #scalar(): string {
    return this.#pick(SCALARS);
  }

  #flow(depth: number): string {
    const isMap = this.#isOften(0.5);
    const count = this.#count(3);
    const keys = this.#keys(count);
    const items = Array.from({ length: isMap ? keys.length : count }, (_, at) => {
      const value = depth > 0 && this.#isOften(0.35) ? this.#flow(depth - 1) : this.#scalar();
      if (!isMap) return this.#isOften(0.1) ? `${this.#pick(KEYS)}: ${value}` : `${this.#props()}${value}`;
      const key = this.#pick([
        keys[at] ?? "a",
        keys[at] ?? "a",
        `"${keys[at]?.replaceAll(/["']/g, "") ?? "a"}"`,
      ]);
      return this.#pick([
        `${key}: ${value}`,
        `${key}: ${value}`,
        `${key}: ${value}`,
        key.startsWith('"') ? `${key}:${value}` : `${key}: ${value}`,
        `? ${key} : ${value}`,
        key,
      ]);
    });
    const [open, close] = isMap ? "{}" : "[]";
    if (items.length === 0) return `${String(open)}${this.#pick(["", "", " "])}${String(close)}`;
    const isOnLines = this.#isOften(0.3);
    const gap = " ".repeat(12);
    const separator = isOnLines
      ? this.#pick([`,\n${gap}`, `, # said\n${gap}`, `\n${gap}, `])
      : this.#pick([", ", ",", " , "]);
    const inner = items.join(separator) + this.#pick(["", "", "", ",", isOnLines ? ` # last\n${gap}` : ""]);
    const [before, after] = isOnLines
      ? [this.#pick([`\n${gap}`, " # open\n" + gap]), `\n${gap}`]
      : this.#pick([
          ["", ""],
          [" ", " "],
        ]);
    return [open, before, inner, after, close].join("");
  }
}
