import { CST, isAlias, isCollection, isScalar, Lexer, LineCounter, parseDocument, visit } from "yaml";
import type { Document } from "yaml";
import { AppError } from "@/lib/domain/error";
import { extensionOf } from "@/lib/domain/path";
import { readPlainYaml } from "./plain-yaml";
import { parseJson } from "./json";
import { isSimpleYaml } from "./simple-yaml";

/** How deep collections may nest. The parser recurses, and past some thousands it takes the process down. */
const MAX_DEPTH = 64;
const MAX_ALIASES = 100;
/** How many lines and items a text may have: the parser takes its time for each, and nothing can interrupt it. */
const MAX_PARTS = 250_000;
/** How many tokens the parser may be given: each costs it some microseconds and half a kilobyte. */
const MAX_TOKENS = 60_000;

function unreadable(path: string, line: number | undefined, problem: string): AppError {
  const where = line === undefined ? path : `${path}, line ${String(line)}`;
  return new AppError("UnreadableContent", `${where}: ${problem}`, {
    path,
    ...(line === undefined ? {} : { line }),
    problem,
  });
}

/** Decodes UTF-8 strictly. Throws UnreadableContent. */
export function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(
      path,
      undefined,
      cause instanceof TypeError ? "is not UTF-8 text." : "cannot be decoded.",
    );
  }
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

/**
 * Counts what the parser would make, with its own lexer, which reads quoted text and blocks of text as one token each.
 * Brackets and aliases cost twice as much as others.
 */
function refuseManyTokens(text: string, path: string): void {
  // A character makes two tokens at most.
  if (text.length * 2 <= MAX_TOKENS) return;
  let tokens = 0;
  for (const token of new Lexer().lex(text)) {
    tokens += /^[[{*]/.test(token) ? 2 : 1;
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

/** Throws for an anchor that holds an alias to itself: such a value has no end, and no JSON. */
function refuseCycles(
  value: unknown,
  path: string,
  inside = new Set<object>(),
  seen = new Set<object>(),
): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  if (inside.has(value))
    throw unreadable(path, undefined, "has an alias inside the very value it stands for.");
  inside.add(value);
  for (const item of Object.values(value)) refuseCycles(item, path, inside, seen);
  inside.delete(value);
  seen.add(value);
}

/** A merge key of YAML 1.1 is a symbol, and stays one. */
function isTextKey(value: unknown): boolean {
  return typeof value === "string" || typeof value === "symbol";
}

function checkKeys(document: Document, lines: LineCounter, path: string): void {
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const line = isScalar(key) && key.range ? lines.linePos(key.range[0]).line : undefined;
        if (isCollection(key) || isAlias(key)) continue;
        // A key is text: `1.10`, `0x1F` and `null` name what they say, not the value that YAML reads in them.
        if (isScalar(key) && key.source !== undefined && !isTextKey(key.value)) key.value = key.source;
        const name = isScalar(key) ? String(key.value) : "";
        if (seen.has(name) && name !== "<<")
          throw unreadable(path, line, `has the key ${JSON.stringify(name)} twice.`);
        seen.add(name);
      }
    },
  });
}

/** The first line of the library's message without its place, which is told anyway. */
function problemOf(message: string): string {
  const [first = ""] = message.split("\n");
  return `${first.replace(/ at line \d+, column \d+:?$/, "").replace(/[.:]$/, "")}.`;
}

interface Reading {
  schema?: "failsafe";
  /** Whether the document tells where each value stands. */
  keepSourceTokens?: boolean;
}

/** Lets the library parse. Of the tens of thousands of errors that a text may have, none needs a stack. */
function parsed(text: string, lines: LineCounter, reading: Reading): Document {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    // The library's own search for duplicate keys takes quadratic time; `checkKeys` is linear.
    return parseDocument(text, {
      uniqueKeys: false,
      lineCounter: lines,
      prettyErrors: false,
      logLevel: "error",
      ...reading,
    });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/**
 * Parses one YAML document within fixed bounds, keeping comments and order for those who edit it.
 * Throws UnreadableContent with `path` and `line`.
 */
export function parseYamlDocument(text: string, path: string, reading: Reading = {}): Document {
  refuseManyParts(text, path);
  refuseManyTokens(text, path);
  refuseDeepNesting(text, path);
  const lines = new LineCounter();
  const document = parsed(text, lines, reading);
  const [error] = document.errors;
  if (error) throw unreadable(path, lines.linePos(error.pos[0]).line, problemOf(error.message));
  checkKeys(document, lines, path);
  return document;
}

/** The value of a YAML text. Throws UnreadableContent with `path` and `line`. */
export function parseYaml(text: string, path: string): unknown {
  return readPlainYaml(text) ?? parseAnyYaml(text, path);
}

function parseAnyYaml(text: string, path: string): unknown {
  return valueOf(parseYamlDocument(text, path), text, path);
}

function valueOf(document: Document, text: string, path: string): unknown {
  try {
    const value = document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
    if (text.includes("*")) refuseCycles(value, path);
    return value;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw unreadable(path, undefined, cause instanceof Error ? cause.message : "is not readable.");
  }
}

/**
 * The value of a text that was parsed before, with every scalar as the text that stands there: `404`, `~` and `1.10` are
 * strings. Throws UnreadableContent.
 */
export function parseTexts(text: string, path: string): unknown {
  refuseManyParts(text, path);
  refuseManyTokens(text, path);
  refuseDeepNesting(text, path);
  return parsed(text, new LineCounter(), { schema: "failsafe" }).toJS({
    maxAliasCount: MAX_ALIASES,
  }) as unknown;
}

/** The value of a structured file by its extension; undefined for any other file. Throws UnreadableContent. */
export function parseStructured(bytes: Uint8Array, path: string): unknown {
  const extension = extensionOf(path);
  if (extension === ".yml" || extension === ".yaml") return parseYaml(decodeText(bytes, path), path);
  if (extension !== ".json") return undefined;
  return parseJson(decodeText(bytes, path), path);
}

/** Throws UnreadableContent when a file that the platform reads as data cannot be read. */
export function checkReadable(path: string, bytes: Uint8Array): void {
  const extension = extensionOf(path);
  const isYaml = extension === ".yml" || extension === ".yaml";
  const text = isYaml ? decodeText(bytes, path) : "";
  // Most files are of this kind, and an import of thousands spent most of its time in the parser.
  if (isYaml && isSimpleYaml(text)) return;
  // Without aliases the document itself tells all; building its value would only cost time.
  if (isYaml && !text.includes("*")) parseYamlDocument(text, path);
  else parseStructured(bytes, path);
}
