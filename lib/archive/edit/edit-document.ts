import { readDocument } from "../texts";
import { editText } from "./edit-text";
import type { Fields } from "./values";

/**
 * The text of a workspace's file that says `target`, which was made of what `readDocument` reads in it; see `editText`.
 * A text that stands there without quotes, such as `slug: 404`, keeps doing so.
 */
export function editDocument(bytes: Uint8Array, path: string, target: Fields): string {
  return editText(bytes, path, target, readDocument);
}
