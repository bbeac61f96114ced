interface Block {
  column: number;
  kind: "map" | "list";
  keys: Set<string>;
}

const MAX_BLOCKS = 32;
const KEY =
  /^(?:([A-Za-z_$][\w$./@-]{0,200}(?: [\w.-]{1,100}){0,4})|"([^"\\]{0,200})"|'([^']{0,200})'):(?: +|$)/;
// These words are values, so that `True` and `true` would be one key.
const VALUE_WORD = /^(?:true|false|null|__proto__)$/i;
const COMMENT = "(?: +#.*)?$";
const QUOTED_TEXT = String.raw`(?:"(?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-cA-C][0-9a-fA-F]{3})*"|'(?:[^']|'')*')`;
const QUOTED = new RegExp(`^${QUOTED_TEXT}${COMMENT}`);
const COMMENT_AT_END = new RegExp(COMMENT, "y");
/** Scalars inside brackets, and what stands around them. */
const FLOW_SCALAR = new RegExp(
  String.raw`${QUOTED_TEXT}|(?:[A-Za-z0-9_$./^+(]|-[A-Za-z0-9_.])(?:[\w$./^+()-]| (?![ #-]))*(?<! )`,
  "y",
);
const FLOW_KEY = /(?:([A-Za-z_$][\w$./@-]{0,200})|"([^"\\]{0,200})"|'([^']{0,200})'): /y;
const FLOW_DEPTH = 8;
const TEXT_BLOCK = /^[|>][+-]?$/;
const PLAIN_START = /^(?:[\w/.$(+~=^<;\u00a1-\ud7ff\ue000-\ufefe\uff00-\uffee]|-[^\s-])/;
// Tabs, other line breaks and whatever marks the end of a document are left to the parser.
const UNUSUAL = /[^\P{Cc}\n]|[\xa0\u2028\u2029\ufeff]|^(?:---|\.\.\.|%)/mu;

/**
 * Whether a text is YAML of the plain kind that people write: block maps and lists with scalars on one line, and
 * blocks of text. True means that the full parser reads it without a complaint and finds no key twice; false only
 * that it has to be asked.
 */
export function isSimpleYaml(text: string): boolean {
  return !UNUSUAL.test(text) && new Reader(text.split("\n")).read();
}

class Reader {
  readonly #blocks: Block[] = [];
  /** The last line left its value to the lines below it. */
  #isOpen = true;
  #at = 0;

  constructor(private readonly lines: readonly string[]) {}

  read(): boolean {
    while (this.#at < this.lines.length) {
      const line = this.lines[this.#at] ?? "";
      this.#at++;
      const column = indentOf(line);
      if (column === line.length || line[column] === "#") continue;
      if (!this.#enter(line, column) || !this.#content(line, column)) return false;
    }
    return true;
  }

  /** Closes the blocks that end before this line, and checks that the line belongs where it stands. */
  #enter(line: string, column: number): boolean {
    const isItem = isItemAt(line, column);
    const isFirst = this.#blocks.length === 0;
    for (let top = this.#blocks.at(-1); top; top = this.#blocks.at(-1)) {
      // A list may stand in the column of the key that holds it.
      const isOver = top.column > column || (top.column === column && top.kind === "list" && !isItem);
      if (!isOver) break;
      this.#blocks.pop();
      this.#isOpen = false;
    }
    const top = this.#blocks.at(-1);
    if (!top) return isFirst && this.#push(column, isItem);
    if (top.column === column && (top.kind === "list") === isItem) return true;
    const mayStart = top.column < column || (top.column === column && top.kind === "map" && isItem);
    return mayStart && this.#isOpen && this.#push(column, isItem);
  }

  #push(column: number, isItem: boolean): boolean {
    this.#blocks.push({ column, kind: isItem ? "list" : "map", keys: new Set() });
    return this.#blocks.length <= MAX_BLOCKS;
  }

  #content(line: string, column: number): boolean {
    if (!isItemAt(line, column)) return this.#pair(line.slice(column), column);
    const inner = column + 1 + indentOf(line.slice(column + 1));
    const rest = line.slice(inner);
    if (rest === "" || rest.startsWith("#")) {
      this.#isOpen = true;
      return true;
    }
    if (isItemAt(line, inner)) return this.#push(inner, true) && this.#content(line, inner);
    if (KEY.test(rest)) return this.#push(inner, false) && this.#pair(rest, inner);
    return this.#value(rest, column);
  }

  #pair(text: string, column: number): boolean {
    const found = KEY.exec(text);
    const key = found?.[1] ?? found?.[2] ?? found?.[3];
    const keys = this.#blocks.at(-1)?.keys;
    if (!found || key === undefined || VALUE_WORD.test(key) || !keys || keys.has(key)) return false;
    keys.add(key);
    return this.#value(text.slice(found[0].length), column);
  }

  /** A value that begins on the line of its key or hyphen, which stands in `column`. */
  #value(text: string, column: number): boolean {
    const value = text.endsWith(" ") ? text.replace(/ +$/, "") : text;
    const first = value[0] ?? "#";
    this.#isOpen = first === "#";
    if (this.#isOpen) return true;
    if (first === '"' || first === "'") return QUOTED.test(value);
    if (first === "{" || first === "[") return new Flow(value).read();
    if (first === "|" || first === ">") return TEXT_BLOCK.test(value) && this.#textBlock(column);
    return PLAIN_START.test(value) && !value.includes(": ") && !value.includes(" #") && !value.endsWith(":");
  }

  /** Passes over the lines of a block of text; each stands at least as deep as the first one that is not empty. */
  #textBlock(column: number): boolean {
    let depth = 0;
    let emptyDepth = 0;
    for (; this.#at < this.lines.length; this.#at++) {
      const line = this.lines[this.#at] ?? "";
      const own = indentOf(line);
      if (own === line.length) {
        if (depth === 0) emptyDepth = Math.max(emptyDepth, own);
        continue;
      }
      if (own <= column) break;
      if (depth === 0) depth = own;
      if (own < depth || emptyDepth > depth) return false;
    }
    return true;
  }
}

/** A map or list in brackets on one line. */
class Flow {
  #at = 0;

  constructor(private readonly text: string) {}

  read(): boolean {
    return this.#value(1) && this.#take(COMMENT_AT_END) !== null && this.#at === this.text.length;
  }

  #value(depth: number): boolean {
    const first = this.text[this.#at];
    if (first !== "{" && first !== "[") return this.#take(FLOW_SCALAR) !== null;
    if (depth > FLOW_DEPTH) return false;
    this.#at++;
    const keys = first === "{" ? new Set<string>() : null;
    const close = keys ? "}" : "]";
    this.#spaces();
    if (this.#is(close)) return true;
    for (;;) {
      if ((keys && !this.#key(keys)) || !this.#value(depth + 1)) return false;
      this.#spaces();
      if (this.#is(close)) return true;
      if (!this.#is(",") || !this.#is(" ")) return false;
      this.#spaces();
    }
  }

  #key(keys: Set<string>): boolean {
    const found = this.#take(FLOW_KEY);
    const key = found?.[1] ?? found?.[2] ?? found?.[3];
    if (key === undefined || VALUE_WORD.test(key) || keys.has(key)) return false;
    keys.add(key);
    this.#spaces();
    return true;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #is(character: string): boolean {
    if (this.text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #spaces(): void {
    while (this.text[this.#at] === " ") this.#at++;
  }
}

function indentOf(line: string): number {
  let column = 0;
  while (line.charCodeAt(column) === 0x20) column++;
  return column;
}

function isItemAt(line: string, column: number): boolean {
  return line[column] === "-" && (line[column + 1] === " " || line.length === column + 1);
}
