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
    ? (parsed.data.repositories[repositoryId]?.pull.exclude.map(({ path }) => path) ?? [])
    : [];
}
