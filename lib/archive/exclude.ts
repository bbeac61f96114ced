import { own } from "@/lib/domain/own";
import { z } from "zod";
import { extensionOf } from "@/lib/domain/path";

function withoutExtension(path: string): string {
  const extension = extensionOf(path);
  return extension ? path.slice(0, -extension.length) : path;
}

/** Whether `pull.exclude` names this file: `index`, `security`, or `{folder}/{slug}`, exactly, without extension. */
export function isExcluded(path: string, exclude: readonly string[]): boolean {
  return exclude.includes(withoutExtension(path));
}

const Excluding = z.object({
  repositories: z.record(
    z.string(),
    z
      .object({ pull: z.object({ exclude: z.array(z.object({ path: z.string() })) }) })
      .catch({ pull: { exclude: [] } }),
  ),
});

/** What a workspace's own `index.yml` keeps out of imports from a repository; nothing when it does not say. */
export function excludesFrom(index: unknown, repositoryId: string): string[] {
  const parsed = Excluding.safeParse(index);
  return parsed.success
    ? (own(parsed.data.repositories, repositoryId)?.pull.exclude.map(({ path }) => path) ?? [])
    : [];
}

/** What a workspace says of zip archives: the id of its repository of type `archive`, and what stays on an import. */
export interface ArchiveRules {
  repositoryId?: string;
  exclude: string[];
}

const Declaring = z.object({ repositories: z.record(z.string(), z.unknown()) });
const OfArchives = z.object({ type: z.literal("archive") });

/** The rules of every repository of type `archive` that `index.yml` declares, taken together. */
export function archiveRulesFrom(index: unknown): ArchiveRules {
  const repositories = Declaring.safeParse(index).data?.repositories ?? {};
  const ids = Object.keys(repositories).filter((id) => OfArchives.safeParse(own(repositories, id)).success);
  return {
    ...(ids[0] === undefined ? {} : { repositoryId: ids[0] }),
    exclude: ids.flatMap((id) => excludesFrom(index, id)),
  };
}
