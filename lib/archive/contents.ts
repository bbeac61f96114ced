import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { AppError } from "@/lib/domain/error";
import { classifyPath } from "@/lib/domain/path";
import { Label, Slug, WorkspaceId } from "@/lib/domain/workspace";
import { readDocument } from "./texts";
import { editText, newText } from "./edit/edit-text";
import { withFieldOf, type FileText } from "./edit/field-lines";
import { parseStructured } from "./yaml";

const LocalizedText = z.union([z.string(), z.record(z.string(), z.string())]);

/** A list as far as its items are of their form: one that is not takes no other away. */
function listOf(item: z.ZodType<string>, max: number) {
  return z
    .array(z.unknown())
    .transform((list) => list.flatMap((one) => item.safeParse(one).data ?? []).slice(0, max))
    .optional()
    .catch(undefined);
}

/** What `index.yml` says of the workspace itself; what is not of its form counts as absent. */
const Index = z.looseObject({
  id: WorkspaceId.optional().catch(undefined),
  name: z.string().trim().min(1).max(200).optional().catch(undefined),
  slug: Slug.optional().catch(undefined),
  description: LocalizedText.optional().catch(undefined),
  photo: z.string().max(2000).optional().catch(undefined),
  labels: listOf(Label, 50),
  customDomains: listOf(z.string().max(253), 100),
});
export type Index = z.infer<typeof Index>;

/** The path of the one file of this kind, or undefined. `.yml` wins over `.yaml` over `.json`. */
export function findPart(paths: Iterable<string>, kind: "index" | "security"): string | undefined {
  const found = [...paths].filter((path) => classifyPath(path).kind === kind);
  const rank = (path: string) =>
    [".yml", ".yaml", ".json"].findIndex((extension) => path.endsWith(extension));
  return found.sort((a, b) => rank(a) - rank(b))[0];
}

/** Reads `index.yml`. Throws UnreadableContent when it is not a map. */
export function readIndex(bytes: Uint8Array, path: string): Index {
  const value = readDocument(bytes, path);
  if (value === null || value === undefined) return {};
  const parsed = Index.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError("UnreadableContent", `${path}: must be a map of settings such as name and slug.`, {
    path,
  });
}

const StrictIndex = z.looseObject({
  name: z.string().trim().min(1).max(200).optional(),
  slug: Slug.optional(),
  labels: z.array(Label).max(50).nullish(),
  photo: z.string().max(2000).nullish(),
});

/** The fields of `index.yml` that count as absent because they are not of their form, and why. */
export function indexProblems(bytes: Uint8Array, path: string): { field: string; message: string }[] {
  const checked = StrictIndex.safeParse(readDocument(bytes, path) ?? {});
  return (checked.error?.issues ?? []).map((issue) => ({
    field: issue.path.join("."),
    message: issue.message,
  }));
}

/** The app of an app instance (`imports/{slug}.yml`), or undefined when the file names none. */
export function readAppSlug(bytes: Uint8Array, path: string): string | undefined {
  const value = readDocument(bytes, path);
  if (typeof value !== "object" || value === null || !("appSlug" in value)) return undefined;
  return typeof value.appSlug === "string" && value.appSlug ? value.appSlug : undefined;
}

/**
 * The new text of `index.yml` with the old one's `repositories`, for someone who may not change those.
 * Comments and order of the new text stay.
 */
export function keepRepositories(next: FileText, previous: FileText | null): string {
  const old = previous === null ? undefined : repositoriesIn(previous);
  const value = valueOf(next);
  // What is no map of settings is refused by whoever reads it.
  if (!isMapOfFields(value) || isDeepStrictEqual(old, value.repositories)) return next.text;
  const { repositories: _theirs, ...rest } = value;
  const wanted = { ...rest, ...(old === undefined ? {} : { repositories: old }) };
  const ways = [
    () => withFieldOf(next, previous, "repositories"),
    () => editText(Buffer.from(next.text, "utf8"), next.path, wanted),
  ];
  for (const way of ways) {
    const text = attempted(way);
    if (
      text !== null &&
      isDeepStrictEqual(
        attempted(() => valueOf({ text, path: next.path })),
        wanted,
      )
    )
      return text;
  }
  // A merge key, as older YAML has it, brings repositories along under no name of their own: then only values count.
  return newText(next.path, wanted);
}

/** The same, and those that only the new text declares are added; not where that cannot be written. */
export function mergeRepositories(next: FileText, previous: FileText): string {
  const kept = keepRepositories(next, previous);
  const [theirs, ours] = [repositoriesIn(next), repositoriesIn(previous)];
  const value = valueOf({ text: kept, path: next.path });
  if (!isMapOfFields(theirs) || !isMapOfFields(ours) || !isMapOfFields(value)) return kept;
  const added = Object.fromEntries(Object.entries(theirs).filter(([id]) => !Object.hasOwn(ours, id)));
  if (Object.keys(added).length === 0) return kept;
  const wanted = { ...value, repositories: { ...ours, ...added } };
  return attempted(() => editText(Buffer.from(kept, "utf8"), next.path, wanted)) ?? kept;
}

/** What a way to write or read a text gives; null where it is refused. */
function attempted<T>(way: () => T): T | null {
  try {
    return way();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function isMapOfFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valueOf({ text, path }: FileText): unknown {
  return parseStructured(Buffer.from(text, "utf8"), path);
}

function repositoriesIn(index: FileText): unknown {
  const value = valueOf(index);
  return isMapOfFields(value) ? value.repositories : undefined;
}
