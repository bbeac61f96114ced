import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { AppError } from "@/lib/domain/error";
import { classifyPath } from "@/lib/domain/path";
import { Label, Slug, WorkspaceId } from "@/lib/domain/workspace";
import { parseStructured, parseYamlDocument } from "./yaml";

const LocalizedText = z.union([z.string(), z.record(z.string(), z.string())]);

/** What `index.yml` says of the workspace itself; what is not of its form counts as absent. */
const Index = z.looseObject({
  id: WorkspaceId.optional().catch(undefined),
  name: z.string().trim().min(1).max(200).optional().catch(undefined),
  slug: Slug.optional().catch(undefined),
  description: LocalizedText.optional().catch(undefined),
  photo: z.string().max(2000).optional().catch(undefined),
  labels: z.array(Label).max(50).optional().catch(undefined),
  customDomains: z.array(z.string().max(253)).max(100).optional().catch(undefined),
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
  const value = parseStructured(bytes, path);
  if (value === null || value === undefined) return {};
  const parsed = Index.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError("UnreadableContent", `${path}: must be a map of settings such as name and slug.`, {
    path,
  });
}

/** The app of an app instance (`imports/{slug}.yml`), or undefined when the file names none. */
export function readAppSlug(bytes: Uint8Array, path: string): string | undefined {
  const value = parseStructured(bytes, path);
  if (typeof value !== "object" || value === null || !("appSlug" in value)) return undefined;
  return typeof value.appSlug === "string" && value.appSlug ? value.appSlug : undefined;
}

/**
 * The new text of `index.yml` with the old one's `repositories`, for someone who may not change those.
 * Comments and order of the new text stay.
 */
export function keepRepositories(next: IndexText, previous: IndexText | null): string {
  const old = previous === null ? undefined : repositoriesIn(previous);
  if (isDeepStrictEqual(old, repositoriesIn(next))) return next.text;
  if (next.path.endsWith(".json")) {
    const { repositories: _theirs, ...rest } = JSON.parse(next.text) as Record<string, unknown>;
    return `${JSON.stringify({ ...rest, ...(old === undefined ? {} : { repositories: old }) }, null, 2)}\n`;
  }
  const document = parseYamlDocument(next.text, next.path);
  if (previous === null || old === undefined) document.delete("repositories");
  else if (previous.path.endsWith(".json")) document.set("repositories", old);
  // The node itself, with the comments in it.
  else document.set("repositories", parseYamlDocument(previous.text, previous.path).get("repositories"));
  return document.toString({ lineWidth: 0 });
}

/** The text of an `index.yml`, `.yaml` or `.json`. */
export interface IndexText {
  text: string;
  path: string;
}

function repositoriesIn({ text, path }: IndexText): unknown {
  const value = parseStructured(Buffer.from(text, "utf8"), path);
  return typeof value === "object" && value !== null && "repositories" in value
    ? value.repositories
    : undefined;
}
