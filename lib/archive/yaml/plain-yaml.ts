type Value = string | number | boolean | Value[] | { [key: string]: Value };
interface Level {
  indent: number;
  value: Value[] | { [key: string]: Value };
}

const MAX_LEVELS = 32;
const WORD = "(?!(?:true|false|null|yes|no|on|off|y|n)$)[a-z]";
/** Text that every reader of YAML takes for text without quotes: no number, date or word of its own. */
const SAFE_TEXT = new RegExp(`^${WORD}(?:[a-z0-9 _./-]*[a-z0-9_./-])?$`, "i");
/** Text that stands on one line without quotes: nothing in it ends it or begins something else. */
const TEXT = new RegExp(
  String.raw`^${WORD}(?:(?:[\p{L}\p{N}\p{P}\p{S} ](?<!: | #))*[\p{L}\p{N}\p{P}\p{S}](?<!:| #))?$`,
  "iu",
);
const ITEM = new RegExp(`^${WORD}(?:[a-z0-9 _./:-](?<!: ))*(?<![: ])$`, "i");
const HASH_OR_TIME = /^(?:sha256:[0-9a-f]{64}|\d{4}-\d\d-\d\dT[\d:.]{8,12}Z)$/;
/** An automatic version name, `2026-11-22.143015`, which YAML takes for no date. */
const AUTOMATIC_NAME = /^\d{4}-\d\d-\d\d\.\d{6}(?:-\d+)?$/;
const INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;
const LITERALLY_QUOTED = /^'([^'\p{Cc}\u2028\u2029\ufeff]*)'$/u;

const LINE = /^( *)(?:- (.+)|("(?:[^"\\]|\\.)*"|[^":#\s-][^":]*):(?: (.+))?)$/s;
const COMMENT = /^ *#[^\p{Cc}]*$/u;

/**
 * The value of a YAML text of the plain kind: maps and lists of scalars on one line each. Null for any other, which
 * the parser has to read, and takes ten times as long for: of an import of thousands of workspaces the time went there.
 */
export function readPlainYaml(text: string): unknown {
  const root: { [key: string]: Value } = {};
  const levels: Level[] = [{ indent: 0, value: root }];
  let open: { owner: { [key: string]: Value }; key: string; indent: number } | null = null;
  for (const line of text.split("\n")) {
    if (line === "" || COMMENT.test(line)) continue;
    const [, spaces = "", item, rawKey, rest] = LINE.exec(line) ?? [];
    const indent = spaces.length;
    if (open && indent === open.indent + 2) {
      const value: Level["value"] = item === undefined ? {} : [];
      open.owner[open.key] = value;
      levels.push({ indent, value });
      if (levels.length > MAX_LEVELS) return null;
    } else if (open) return null;
    while ((levels.at(-1)?.indent ?? 0) > indent) levels.pop();
    const level = levels.at(-1);
    open = null;
    if (level?.indent !== indent || (item === undefined) === Array.isArray(level.value)) return null;
    if (Array.isArray(level.value)) {
      const value = item === undefined ? null : scalarOf(item);
      if (value === null) return null;
      level.value.push(value);
      continue;
    }
    const key = rawKey === undefined ? null : keyOf(rawKey);
    if (key === null || key === "__proto__" || Object.hasOwn(level.value, key)) return null;
    if (rest === undefined) {
      open = { owner: level.value, key, indent };
      continue;
    }
    const value = scalarOf(rest);
    if (value === null) return null;
    level.value[key] = value;
  }
  return open || Object.keys(root).length === 0 ? null : root;
}

function keyOf(text: string): string | null {
  return SAFE_TEXT.test(text) ? text : unquoted(text);
}

function unquoted(text: string): string | null {
  const literal = LITERALLY_QUOTED.exec(text)?.[1];
  if (literal !== undefined) return literal;
  if (!text.startsWith('"') || !text.endsWith('"')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : null;
  } catch {
    // Quoted as only YAML can.
    return null;
  }
}

function scalarOf(text: string): Value | null {
  if (text === "{}") return {};
  if (text === "true" || text === "false") return text === "true";
  if (text.startsWith("[")) return listOf(text);
  if (INTEGER.test(text)) return Number(text);
  return HASH_OR_TIME.test(text) || AUTOMATIC_NAME.test(text) || TEXT.test(text) ? text : unquoted(text);
}

/** A list in brackets of words without quotes. */
function listOf(text: string): Value[] | null {
  if (!text.endsWith("]")) return null;
  const inside = text.slice(1, -1);
  const items = inside === "" ? [] : inside.split(", ");
  return items.every((item) => ITEM.test(item)) ? items : null;
}

/** The text as one scalar on one line. */
export function plainOrQuoted(text: string): string {
  return SAFE_TEXT.test(text) || AUTOMATIC_NAME.test(text) ? text : JSON.stringify(text);
}
