import { classifyPath, extensionOf, isOutOfPlace } from "@/lib/domain/path";

type Part = ReturnType<typeof classifyPath>;

// A field that no other file has at its top: what a part is asked for by, or what it is made of.
const FIELD = String.raw`["']?(?:slug|blocks|do|appSlug)["']?[ \t]*:`;
const SAYS_PART = new RegExp(
  String.raw`^(?:\ufeff|\u00ef\u00bb\u00bf)?(?:---[ \t]+)?(?:\{[^}]*)?${FIELD}`,
  "m",
);

/**
 * Which part of a workspace a file is. One in a folder below `automations`, `pages` or `imports`, or a hidden one, is a
 * part when it is YAML and says so by a field of one: `slug`, `blocks`, `do` or `appSlug`. All else there, such as the source project of
 * a page, is ordinary files.
 */
export function partOf(path: string, bytes: Uint8Array): Part {
  const part = classifyPath(path);
  if (!("slug" in part) || !isOutOfPlace(part.slug)) return part;
  return SAYS_PART.test(Buffer.from(bytes).toString("latin1")) ? part : { kind: "other" };
}

const RANKS = [".yml", ".yaml", ".json"];

/** How early a file counts among several spellings of one: `.yml` before `.yaml` before `.json`. */
export function spellingRank(path: string): number {
  return RANKS.indexOf(extensionOf(path));
}

/** What a file is a spelling of: `index`, `security`, or a part by its path; null for an ordinary file. */
export function spellingOf(path: string): string | null {
  const part = classifyPath(path);
  if (part.kind === "other") return null;
  if (!("slug" in part)) return part.kind;
  return isOutOfPlace(part.slug) ? null : `${part.kind}/${part.slug}`;
}

/** Files that are not read because another spelling of the same is there, with the one that is. */
export function unreadSpellings(paths: Iterable<string>): Map<string, string> {
  const known = new Map<string, string>();
  const unread = new Map<string, string>();
  for (const path of [...paths].sort((one, other) => spellingRank(one) - spellingRank(other))) {
    const key = spellingOf(path);
    if (key === null) continue;
    const first = known.get(key);
    if (first === undefined) known.set(key, path);
    else unread.set(path, first);
  }
  return unread;
}

/** Why a second spelling is not read, in a sentence. */
export function unreadSentence(path: string, read: string): string {
  return `${path} is not read, because ${read} is there: of one name .yml counts before .yaml, and that before .json.`;
}
