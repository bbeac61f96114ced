import { isAlias, isCollection, isScalar, LineCounter, parseDocument, visit } from "yaml";
import type { Document } from "yaml";
import { AppError } from "@/lib/domain/error";
import { extensionOf } from "@/lib/domain/path";
import { problemOf, refuseUnbounded, unreadable } from "./bounds";
import { parseJson } from "./json";
import { readPlainYaml } from "./plain-yaml";
import { isSimpleYaml } from "./simple-yaml";
import { refuseManyValues } from "./values";

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
  refuseUnbounded(text, path);
  const lines = new LineCounter();
  const document = parsed(text, lines, reading);
  const [error] = document.errors;
  if (error) throw unreadable(path, lines.linePos(error.pos[0]).line, problemOf(error.message));
  checkKeys(document, lines, path);
  return document;
}

/** Parses a text when that is needed, for those who need the document as well. */
export type Parse = () => Document;

/** The value of a YAML text. Throws UnreadableContent with `path` and `line`. */
export function parseYaml(
  text: string,
  path: string,
  parse: Parse = () => parseYamlDocument(text, path),
): unknown {
  return readPlainYaml(text) ?? valueOf(parse(), path);
}

function valueOf(document: Document, path: string): unknown {
  refuseManyValues(document, path);
  try {
    // The library's own bound of aliases reads the whole document again for each; ours was kept above.
    return document.toJS({ maxAliasCount: -1 }) as unknown;
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
  refuseUnbounded(text, path);
  return valueOf(parsed(text, new LineCounter(), { schema: "failsafe" }), path);
}

/** The value of a structured file by its extension; undefined for any other file. Throws UnreadableContent. */
export function parseStructured(bytes: Uint8Array, path: string, parse?: Parse): unknown {
  const extension = extensionOf(path);
  if (extension === ".yml" || extension === ".yaml") return parseYaml(decodeText(bytes, path), path, parse);
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
