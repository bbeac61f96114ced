import { lineChanges } from "@/lib/archive/line-changes";
import { breathe } from "@/lib/runtime/pace";
import { classifyPath, MANIFEST_PATH } from "@/lib/domain/path";
import type { Oid } from "@/lib/domain/workspace";
import type { GitObject, TreeChanges } from "../ports";

/** What a version changed, as its `workspaces.versions.published` event tells it. */
export interface PublishedChanges {
  files: string[];
  created: number;
  deleted: number;
  insertions: number;
  deletions: number;
  summary: string;
}

const PARTS = {
  automations: ["automation", "automations"],
  pages: ["page", "pages"],
  imports: ["app instance", "app instances"],
  index: ["configuration", "configuration"],
  security: ["security", "security"],
  other: ["file", "files"],
} as const;

function summarize(paths: readonly string[]): string {
  if (paths.length === 0) return "No changes";
  const counts = new Map<keyof typeof PARTS, number>();
  for (const path of paths) {
    const { kind } = classifyPath(path);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .map(([kind, count]) =>
      kind === "index" || kind === "security"
        ? PARTS[kind][0]
        : `${String(count)} ${PARTS[kind][count === 1 ? 0 : 1]}`,
    )
    .join(", ");
}

/** Describes changes of a workspace; `before` names the old blob of each path, `objects` holds both sides. */
export async function describePublished(
  changes: TreeChanges,
  before: ReadonlyMap<string, Oid>,
  objects: ReadonlyMap<Oid, GitObject>,
): Promise<PublishedChanges> {
  const bytes = (oid: Oid | undefined) => (oid ? (objects.get(oid)?.bytes ?? null) : null);
  const files = [...changes.keys()].filter((path) => path !== MANIFEST_PATH).sort();
  const result = { files, created: 0, deleted: 0, insertions: 0, deletions: 0, summary: summarize(files) };
  for (const path of files) {
    const change = changes.get(path);
    const old = before.get(path);
    if (!change) result.deleted++;
    else if (!old) result.created++;
    const counted = lineChanges(bytes(old), bytes(change?.oid));
    result.insertions += counted.insertions;
    result.deletions += counted.deletions;
    await breathe();
  }
  return result;
}
