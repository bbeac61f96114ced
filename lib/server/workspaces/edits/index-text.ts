import { stringify } from "yaml";
import { decodeText, parseYamlDocument } from "@/lib/archive/yaml";
import { extensionOf } from "@/lib/domain/path";
import type { PatchWorkspace } from "@/lib/domain/workspace";

const FIELDS = ["name", "slug", "description", "photo", "labels"] as const;

/** `index.yml` of a new workspace. */
export function newIndexText(id: string, settings: PatchWorkspace): string {
  const fields = FIELDS.flatMap((field) => (settings[field] === undefined ? [] : [[field, settings[field]]]));
  return stringify({ id, ...(Object.fromEntries(fields) as PatchWorkspace) }, { lineWidth: 0 });
}

/** The text of `index.yml` with these settings; its comments, order and quoting stay as they are. */
export function withSettings(bytes: Uint8Array, path: string, settings: PatchWorkspace): string {
  const text = decodeText(bytes, path);
  if (extensionOf(path) === ".json") {
    const value = JSON.parse(text) as Record<string, unknown>;
    return `${JSON.stringify({ ...value, ...settings }, null, 2)}\n`;
  }
  const document = parseYamlDocument(text, path);
  for (const field of FIELDS) {
    const value = settings[field];
    if (value === undefined || sameValue(document.get(field), value)) continue;
    document.set(field, value);
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function sameValue(node: unknown, value: unknown): boolean {
  const plain = typeof node === "object" && node !== null && "toJSON" in node ? node : undefined;
  return JSON.stringify(plain ?? node) === JSON.stringify(value);
}
