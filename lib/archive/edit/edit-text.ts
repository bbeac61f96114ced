import { stringify } from "yaml";
import { AppError } from "@/lib/domain/error";
import { extensionOf } from "@/lib/domain/path";
import { decodeText, type Parse, parseStructured, parseYamlDocument } from "../yaml";
import { Editor } from "./editor";
import { JsonSource } from "./source/json-source";
import type { Source } from "./source/source";
import { Unspliceable } from "./splices";
import { jsonStyleOf, Writer, yamlStyleOf, type Style } from "./style";
import { asJson, firstDifference, isFields, sameValue, type Fields } from "./values";
import { YamlSource } from "./source/yaml-source";

export type { Fields } from "./values";
export { isFields } from "./values";

/** How to write what is new: as people write, then in ways that stand anywhere. */
const WAYS = [
  { isSafe: false, keepsTags: true },
  { isSafe: false, keepsTags: false },
  { isSafe: true, keepsTags: true },
  { isSafe: true, keepsTags: false },
] as const;

/** Reads a file as those do who made the target of what they read; `parse` spares it the parsing. */
type Reader = (bytes: Uint8Array, path: string, parse?: Parse) => unknown;

interface Read {
  source: Source;
  style: Style;
  hasTags: boolean;
}

/** Parses the text with the places of its values, once. */
function parsing(text: string, path: string): Parse {
  let document: ReturnType<Parse> | undefined;
  return () => (document ??= parseYamlDocument(text, path, { keepSourceTokens: true }));
}

function sourceOf(text: string, path: string, value: unknown, parse: Parse): Read {
  if (extensionOf(path) === ".json")
    return { source: new JsonSource(text, value), style: jsonStyleOf(text), hasTags: false };
  const document = parse();
  const source = new YamlSource(text, document, value);
  return { source, style: yamlStyleOf(document, text), hasTags: text.includes("!") };
}

/** Whether a changed text can be read and says what it should. */
function says(text: string, path: string, wanted: Fields, reader: Reader): boolean {
  try {
    return sameValue(asJson(reader(Buffer.from(text, "utf8"), path)) ?? {}, wanted);
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** A changed text, or why there is none. */
function attempt(editor: Editor, target: Fields): string | Unspliceable {
  try {
    return editor.edited(target);
  } catch (error) {
    if (error instanceof Unspliceable) return error;
    throw error;
  }
}

function refused(path: string, place: string, reason: string): AppError {
  return new AppError(
    "UnreadableContent",
    `${path}: ${place === "" ? "this" : place} cannot be changed on its own: ${reason} Edit the file's text instead.`,
    { path, ...(place === "" ? {} : { field: place }), problem: reason },
  );
}

/**
 * The text of a structured file that says `target`: only the lines of what changes differ from the old text, and what
 * says the same to `reader` already stays as its author wrote it. Throws UnreadableContent when the file cannot be read
 * now, is no map of fields, or cannot be changed in that way.
 */
export function editText(
  bytes: Uint8Array,
  path: string,
  target: Fields,
  reader: Reader = parseStructured,
): string {
  const text = decodeText(bytes, path);
  const wanted = asJson(target) as Fields;
  const parse = parsing(text, path);
  const before = asJson(reader(bytes, path, parse));
  if (sameValue(before ?? {}, wanted)) return text;
  if (before !== null && !isFields(before))
    throw new AppError("UnreadableContent", `${path}: must be a map of fields.`, { path });
  const { source, style, hasTags } = sourceOf(text, path, before, parse);
  let reason = "other values of the file would change with it, as those do that refer to an anchor.";
  for (const { isSafe, keepsTags } of WAYS) {
    if ((!keepsTags && !hasTags) || (isSafe && style.format === "json")) continue;
    const writer = new Writer(style, source.longIntegers, isSafe);
    const edited = attempt(new Editor(source, writer, keepsTags), wanted);
    if (typeof edited !== "string") reason = edited.message || reason;
    else if (says(edited, path, wanted, reader)) return edited;
  }
  throw refused(path, firstDifference(before ?? {}, wanted), reason);
}

/** The text of a new file. */
export function newText(path: string, value: Fields): string {
  const wanted = asJson(value) as Fields;
  return extensionOf(path) === ".json"
    ? `${JSON.stringify(wanted, null, 2)}\n`
    : stringify(wanted, { lineWidth: 0 });
}
