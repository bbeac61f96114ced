type Value = string | Value[] | { [key: string]: Value };
interface Level {
  indent: number;
  value: Value[] | { [key: string]: Value };
}

/** Text that YAML reads as text without quotes: no number, date or word of its own. */
const PLAIN_TEXT = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[a-z](?:[a-z0-9 _./-]*[a-z0-9_./-])?$/i;
const HASH_OR_TIME = /^(?:sha256:[0-9a-f]{64}|\d{4}-\d\d-\d\dT[\d:.]{8,12}Z)$/;
/** An automatic version name, `2026-11-22.143015`, which YAML takes for no date. */
const AUTOMATIC_NAME = /^\d{4}-\d\d-\d\d\.\d{6}(?:-\d+)?$/;

const LINE = /^( *)(?:- (.+)|("(?:[^"\\]|\\.)*"|[^":#\s-][^":]*):(?: (.+))?)$/s;

/**
 * Reads a manifest in the form in which it is written here; null for any other form, which the YAML parser reads as
 * well. A platform repository holds one for each of thousands of workspaces, and the parser takes ten times as long.
 */
export function readOwnForm(text: string): unknown {
  const root: { [key: string]: Value } = {};
  const levels: Level[] = [{ indent: 0, value: root }];
  let open: { owner: { [key: string]: Value }; key: string; indent: number } | null = null;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const [, spaces = "", item, rawKey, rest] = LINE.exec(line) ?? [];
    const indent = spaces.length;
    if (open && indent === open.indent + 2) {
      const value: Level["value"] = item === undefined ? {} : [];
      open.owner[open.key] = value;
      levels.push({ indent, value });
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
    const key = rawKey === undefined ? null : textOf(rawKey);
    if (key === null || key === "__proto__" || Object.hasOwn(level.value, key)) return null;
    if (rest === undefined) {
      open = { owner: level.value, key, indent };
      continue;
    }
    const value = scalarOf(rest);
    if (value === null) return null;
    level.value[key] = value;
  }
  return open ? null : root;
}

function textOf(text: string): string | null {
  if (PLAIN_TEXT.test(text)) return text;
  if (!text.startsWith('"')) return null;
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
  if (text === "[]") return [];
  return HASH_OR_TIME.test(text) || AUTOMATIC_NAME.test(text) ? text : textOf(text);
}

/** The text as one scalar on one line. */
export function plainOrQuoted(text: string): string {
  return PLAIN_TEXT.test(text) || AUTOMATIC_NAME.test(text) ? text : JSON.stringify(text);
}
