import { readDocument, asWritten } from "../texts";
import { parseStructured } from "../yaml";
import { editText } from "./edit-text";
import { isFields, type Fields } from "./values";

/**
 * The text of a workspace's file that says `target`, which was made of what `readDocument` reads in it; see `editText`.
 * A text that stands there without quotes, such as `slug: 404`, keeps doing so.
 */
export function editDocument(bytes: Uint8Array, path: string, target: Fields): string {
  const wanted = asWritten(target, readDocument(bytes, path) ?? {}, parseStructured(bytes, path) ?? {});
  return editText(bytes, path, isFields(wanted) ? wanted : target);
}
