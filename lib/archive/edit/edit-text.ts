import { isMap, isScalar, stringify, visit, type Document, type YAMLMap } from "yaml";
import { AppError } from "@/lib/domain/error";
import { extensionOf } from "@/lib/domain/path";
import { decodeText, parseYaml, parseYamlDocument } from "../yaml";
import { parseJson } from "../yaml/json";
import { Splicer, Unspliceable } from "./splicer";
import { styleOf } from "./style";
import { inOrderOf, isFields, sameValue, type Fields } from "./values";

export type { Fields } from "./values";
export { isFields } from "./values";

/** Without what cannot be written: undefined fields. */
function plain(value: Fields): Fields {
  return JSON.parse(JSON.stringify(value)) as Fields;
}

/** Anchors, aliases, tags and merge keys tie distant places together; such a document is written anew. */
function isTied(document: Document): boolean {
  let tied = document.directives?.docStart === true || document.directives?.yaml.explicit === true;
  visit(document, {
    Alias() {
      tied = true;
      return visit.BREAK;
    },
    Node(_, node) {
      if (!("anchor" in node && node.anchor) && !node.tag) return undefined;
      tied = true;
      return visit.BREAK;
    },
  });
  return tied;
}

function spliced(document: Document, text: string, target: Fields): string | null {
  if (document.contents === null && !isTied(document))
    return (text === "" || text.endsWith("\n") ? text : `${text}\n`) + stringify(target, { lineWidth: 0 });
  if (!isMap(document.contents) || isTied(document)) return null;
  try {
    const splicer = new Splicer(text, document, styleOf(document, text));
    splicer.map(document.contents, target);
    return splicer.result();
  } catch (error) {
    if (error instanceof Unspliceable) return null;
    throw error;
  }
}

function setFields(document: Document, map: YAMLMap, target: Fields): void {
  for (const { key } of [...map.items])
    if (isScalar(key) && !Object.hasOwn(target, String(key.value))) map.delete(key);
  for (const [key, value] of Object.entries(target)) {
    const node = map.get(key, true) as unknown;
    if (isMap(node) && isFields(value)) setFields(document, node, value);
    else if (!isScalar(node) || !sameValue(node.value, value)) map.set(key, document.createNode(value));
  }
}

/** Keeps comments and order, though not every space. */
function rewritten(document: Document, text: string, target: Fields): string {
  if (isMap(document.contents)) setFields(document, document.contents, target);
  else document.contents = document.createNode(target);
  const { indent, indentSeq, singleQuote } = styleOf(document, text);
  return document.toString({ lineWidth: 0, indent, indentSeq, singleQuote, flowCollectionPadding: false });
}

function says(text: string, path: string, target: Fields): boolean {
  try {
    return sameValue(parseYaml(text, path) ?? {}, target);
  } catch (error) {
    // Not what was meant: the next way of writing it is tried.
    if (error instanceof AppError) return false;
    throw error;
  }
}

function editYaml(text: string, path: string, target: Fields): string {
  const document = parseYamlDocument(text, path);
  if (sameValue(document.toJS() ?? {}, target)) return text;
  const edited = spliced(document, text, target);
  if (edited !== null && says(edited, path, target)) return edited;
  const again = rewritten(document, text, target);
  return says(again, path, target) ? again : stringify(target, { lineWidth: 0 });
}

function editJson(text: string, path: string, target: Fields): string {
  const before = parseJson(text, path);
  if (sameValue(before, target)) return text;
  const indent = /^\s*\{\r?\n([ \t]+)/.exec(text)?.[1] ?? (text.includes("\n") ? "  " : "");
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  return mark + JSON.stringify(inOrderOf(before, target), null, indent) + (text.endsWith("\n") ? "\n" : "");
}

/**
 * The text of a structured file that says `target`: what says the same already stays as its author wrote it, with its
 * comments, order, quoting and spacing. Throws UnreadableContent when the file cannot be read now.
 */
export function editText(bytes: Uint8Array, path: string, target: Fields): string {
  const text = decodeText(bytes, path);
  const wanted = plain(target);
  return extensionOf(path) === ".json" ? editJson(text, path, wanted) : editYaml(text, path, wanted);
}

/** The text of a new file. */
export function newText(path: string, value: Fields): string {
  const wanted = plain(value);
  return extensionOf(path) === ".json"
    ? `${JSON.stringify(wanted, null, 2)}\n`
    : stringify(wanted, { lineWidth: 0 });
}
