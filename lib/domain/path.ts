import { AppError } from "./error";

declare const brand: unique symbol;

/** A path inside a workspace that passed `parseWorkspacePath`: relative, `/` between segments, NFC. */
export type WorkspacePath = string & { readonly [brand]: "WorkspacePath" };

/** What git clients on all systems can hold, with room to spare. */
const LIMITS = {
  pathBytes: 1024,
  segmentBytes: 255,
  depth: 12,
} as const;

export const MANIFEST_PATH = ".import.yml";

const TEXT_EXTENSIONS = new Set(
  "yml yaml json md txt css js ts tsx html svg csv".split(" ").map((extension) => `.${extension}`),
);

// Devices of Windows: a clone of the repository on such a machine could not hold them.
const RESERVED = /^(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|$)/i;
// Control characters, marks that turn the direction of writing, and others that show nothing and so can disguise a name;
// some file systems leave them out, and `.git` would be what is left.
// eslint-disable-next-line no-control-regex
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/;

function segmentProblem(segment: string): string | null {
  if (segment === "") return "has an empty segment";
  if (segment === "." || segment === "..") return "must not contain . or ..";
  if (new TextEncoder().encode(segment).length > LIMITS.segmentBytes)
    return `has a segment longer than ${String(LIMITS.segmentBytes)} bytes`;
  // How git's adapter writes bytes of a name that are no UTF-8; a database could not store them.
  if (/[\ud800-\udfff]/u.test(segment)) return "is not valid UTF-8";
  if (INVISIBLE.test(segment)) return "contains an invisible or control character";
  if (/[\\:*?"<>|]/.test(segment)) return 'contains one of \\ : * ? " < > |';
  if (/[ .]$/.test(segment)) return "has a segment that ends with a space or a dot";
  if (segment.startsWith(" ")) return "has a segment that starts with a space";
  if (RESERVED.test(segment)) return "uses a name reserved by an operating system";
  const folded = segment.normalize("NFKC").toLowerCase();
  if (folded === ".git" || /^git~\d+$/.test(folded)) return "uses a name reserved by git";
  return null;
}

/** What is wrong with a path, as the end of the sentence "The path …", or null when it is fine. */
export function workspacePathProblem(path: string): string | null {
  if (path === "") return "is empty";
  if (new TextEncoder().encode(path).length > LIMITS.pathBytes)
    return `is longer than ${String(LIMITS.pathBytes)} bytes`;
  if (path.startsWith("/")) return "must be relative to the workspace";
  const segments = path.split("/");
  if (segments.length > LIMITS.depth) return `is deeper than ${String(LIMITS.depth)} folders`;
  for (const segment of segments) {
    const problem = segmentProblem(segment);
    if (problem) return problem;
  }
  if (path !== path.normalize("NFC")) return "is not in Unicode's composed form (NFC)";
  return null;
}

/** The only way to make a WorkspacePath. Throws InvalidRequest that names the path and the rule. */
export function parseWorkspacePath(path: string): WorkspacePath {
  const problem = workspacePathProblem(path);
  if (problem) {
    throw new AppError("InvalidRequest", `The path ${JSON.stringify(path.slice(0, 200))} ${problem}.`, {
      path: path.slice(0, 200),
    });
  }
  return path as WorkspacePath;
}

/** Two paths with the same key cannot live side by side on every file system. */
export function collisionKey(path: string): string {
  return path.normalize("NFKC").toLowerCase();
}

export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot).toLowerCase();
}

/** True for the formats that the console edits as text. */
export function isTextPath(path: string): boolean {
  return TEXT_EXTENSIONS.has(extensionOf(path));
}

/** Whether the slug of a file is that of one in a folder below, or of a hidden one: then its content says what it is. */
export function isOutOfPlace(slug: string): boolean {
  return slug.includes("/") || slug.startsWith(".");
}

const STRUCTURED = new Set([".yml", ".yaml", ".json"]);

/**
 * Which part of a workspace a file may be by its path; `slug` is the file's name without folder and extension. Of a file
 * in a folder below, whose slug has a slash, `partOf` knows more by its content.
 */
export function classifyPath(
  path: string,
):
  | { kind: "index" | "security" }
  | { kind: "automations" | "pages" | "imports"; slug: string }
  | { kind: "other" } {
  const extension = extensionOf(path);
  if (!STRUCTURED.has(extension)) return { kind: "other" };
  const bare = path.slice(0, -extension.length);
  if (bare === "index" || bare === "security") return { kind: bare };
  for (const folder of ["automations", "pages", "imports"] as const) {
    if (!bare.startsWith(`${folder}/`)) continue;
    const slug = bare.slice(folder.length + 1);
    // Tools keep their settings in JSON: those of a page's source project, and hidden ones.
    return extension === ".json" && isOutOfPlace(slug) ? { kind: "other" } : { kind: folder, slug };
  }
  return { kind: "other" };
}

/** How an import result names a file: `index` and `security` bare, all others as path with extension. */
export function reportedPath(path: string): string {
  const part = classifyPath(path);
  return part.kind === "index" || part.kind === "security" ? part.kind : path;
}
