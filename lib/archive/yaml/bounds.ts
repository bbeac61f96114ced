import { CST, Lexer } from "yaml";
import { AppError } from "@/lib/domain/error";

/** How deep collections may nest. The parser recurses, and past some thousands it takes the process down. */
const MAX_DEPTH = 64;
/** How many lines and items a text may have: the parser takes its time for each, and nothing can interrupt it. */
const MAX_PARTS = 250_000;
/** How many tokens the parser may be given: each costs it some microseconds and half a kilobyte. */
const MAX_TOKENS = 35_000;

export function unreadable(path: string, line: number | undefined, problem: string): AppError {
  const where = line === undefined ? path : `${path}, line ${String(line)}`;
  return new AppError("UnreadableContent", `${where}: ${problem}`, {
    path,
    ...(line === undefined ? {} : { line }),
    problem,
  });
}

/** The first line of the library's message without its place, which is told anyway. */
export function problemOf(message: string): string {
  const [first = ""] = message.split("\n");
  return `${first.replace(/ at line \d+, column \d+:?$/, "").replace(/[.:]$/, "")}.`;
}

/**
 * An upper bound of how deep a text nests, from one look at its characters: every bracket may open a level, and
 * so may every space of indentation and every indicator before a line's first scalar.
 */
function nestingBound(text: string): number {
  let brackets = 0;
  let deepest = 0;
  let leading = 0;
  let isLeading = true;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0a || code === 0x0d) {
      leading = 0;
      isLeading = true;
      continue;
    }
    if (code === 0x5b || code === 0x7b) brackets++;
    if (!isLeading) continue;
    // Space, tab, hyphen and question mark; a colon may follow an explicit key.
    if (code === 0x20 || code === 0x09 || code === 0x2d || code === 0x3f || code === 0x3a) leading++;
    else isLeading = false;
    if (leading > deepest) deepest = leading;
  }
  return brackets + deepest + 1;
}

function refuseManyParts(text: string, path: string): void {
  let parts = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0a || code === 0x2c) parts++;
  }
  if (parts > MAX_PARTS)
    throw unreadable(
      path,
      undefined,
      `has more than ${String(MAX_PARTS)} lines and items, which is too many.`,
    );
}

/** A list or map costs as much as four other tokens; quotes do what two tokens do for text without them. */
const WEIGHTS = new Map(Object.entries({ "[": 4, "{": 4, ":": 2, "?": 2, '"': 2, "'": 2, "*": 2 }));

/** What may follow a backslash in double quotes; the parser makes an error of each that differs, half a million in 1 MiB. */
const ESCAPE =
  /\\(?:[0abefnrtvNLP_ "/\\\t\n]|\r\n|x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|U00(?:0[\dA-Fa-f]|10)[\dA-Fa-f]{4})/y;

const ESCAPE_LENGTHS = new Map([
  ["x", 4],
  ["u", 6],
  ["U", 10],
]);

function badEscape(quoted: string): number {
  for (let at = quoted.indexOf("\\"); at >= 0; at = quoted.indexOf("\\", ESCAPE.lastIndex)) {
    // A text without an end may break off here; the parser says so.
    if (at === quoted.length - 1) return -1;
    ESCAPE.lastIndex = at;
    if (!ESCAPE.test(quoted)) return at;
  }
  return -1;
}

/**
 * Counts what the parser would make, with its own lexer, which reads quoted text and blocks of text as one token each.
 */
function refuseManyTokens(text: string, path: string): void {
  // A character counts for four at most.
  if (text.length * 4 <= MAX_TOKENS) return;
  let tokens = 0;
  let offset = 0;
  let isUnquoted = false;
  for (const token of new Lexer().lex(text)) {
    const bad = token.startsWith('"') && !isUnquoted ? badEscape(token) : -1;
    if (bad >= 0)
      throw unreadable(
        path,
        text.slice(0, offset + bad).split("\n").length,
        problemOf(
          `Invalid escape sequence ${token.slice(bad, bad + (ESCAPE_LENGTHS.get(token[bad + 1] ?? "") ?? 2))}`,
        ),
      );
    // The lexer's own marks are no part of the text; one of them stands before a scalar without quotes.
    const type = CST.tokenType(token);
    isUnquoted = type === "scalar";
    if (!isUnquoted && type !== "doc-mode" && type !== "flow-error-end") offset += token.length;
    tokens += WEIGHTS.get(token[0] ?? "") ?? 1;
    if (tokens > MAX_TOKENS)
      throw unreadable(
        path,
        undefined,
        `has more than ${String(MAX_TOKENS)} tokens (keys, values, marks and line ends), which is too many.`,
      );
  }
}

/** Walks the tokens, which takes no recursion, and refuses what would nest too deep for the parser. */
function refuseDeepNesting(text: string, path: string): void {
  if (nestingBound(text) <= MAX_DEPTH) return;
  let flow = 0;
  let column = 0;
  let line = 1;
  const columns: number[] = [];
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type === "flow-map-start" || type === "flow-seq-start") flow++;
    else if (type === "flow-map-end" || type === "flow-seq-end") flow = Math.max(0, flow - 1);
    else if (flow === 0 && type !== "space" && type !== "newline" && type !== "comment") {
      while ((columns.at(-1) ?? -1) > column) columns.pop();
      if ((columns.at(-1) ?? -1) < column) columns.push(column);
    }
    if (flow + columns.length > MAX_DEPTH)
      throw unreadable(path, line, `is nested deeper than ${String(MAX_DEPTH)} levels.`);
    for (const character of token) if (character === "\n") line++;
    const lastBreak = token.lastIndexOf("\n");
    column = lastBreak === -1 ? column + token.length : token.length - lastBreak - 1;
  }
}

/** Refuses what would cost the parser too much, before it begins. Throws UnreadableContent. */
export function refuseUnbounded(text: string, path: string): void {
  refuseManyParts(text, path);
  refuseManyTokens(text, path);
  refuseDeepNesting(text, path);
}
