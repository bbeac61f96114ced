import { newText } from "@/lib/archive/edit/edit-text";
import type { PatchWorkspace } from "@/lib/domain/workspace";

const FIELDS = ["name", "slug", "description", "photo", "labels"] as const;

/** `index.yml` of a new workspace. */
export function newIndexText(id: string, settings: PatchWorkspace): string {
  const fields = FIELDS.flatMap((field) => (settings[field] === undefined ? [] : [[field, settings[field]]]));
  return newText("index.yml", { id, ...(Object.fromEntries(fields) as PatchWorkspace) });
}
