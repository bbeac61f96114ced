import { extensionOf } from "@/lib/domain/path";
import { parseStructured, parseYamlDocument } from "../yaml";
import { BlockLines, type Row } from "./block-lines";
import { columnOf, type SourceNode } from "./source/source";
import { Splices } from "./splices";
import { YamlSource } from "./source/yaml-source";

/** A structured file's text. */
export interface FileText {
  text: string;
  path: string;
}

/** The outermost map of a YAML file that has a line for each field. */
function rootOf({ text, path }: FileText): SourceNode | null {
  if (extensionOf(path) === ".json") return null;
  const document = parseYamlDocument(text, path, { keepSourceTokens: true });
  const value = parseStructured(Buffer.from(text, "utf8"), path, () => document);
  const { node } = new YamlSource(text, document, value).root;
  return node?.kind === "map" && !node.isFlow ? node : null;
}

/**
 * A file's text with the lines that another one has for a field, comments included, or without the field where the other
 * has none. Null where it has no such lines. What the lines mean there is for the caller to check.
 */
export function withFieldOf(file: FileText, other: FileText | null, name: string): string | null {
  const root = rootOf(file);
  const otherRoot = other && rootOf(other);
  if (!root || (other && !otherRoot)) return null;
  const field = otherRoot?.spots.find((spot) => spot.name === name);
  const column = columnOf(file.text, root.start);
  if (other && field && columnOf(other.text, field.start) !== column) return null;
  const eol = /^[^\n]*\r\n/.test(file.text) ? "\r\n" : "\n";
  const splices = new Splices(file.text);
  const written =
    other && field ? new BlockLines(other.text, new Splices(other.text), eol).lines(field) : null;
  const lines = written === null ? [] : [written.replaceAll(/\r?\n/g, eol)];
  const isThere = root.spots.some((spot) => spot.name === name);
  const rows = root.spots.flatMap((spot): readonly Row[] => (spot.name === name ? lines : [spot]));
  new BlockLines(file.text, splices, eol).change(root.spots, isThere ? rows : [...rows, ...lines]);
  return splices.result();
}
