"use client";

import type { FileChange } from "@/lib/domain/wire/api";
import { grouped } from "@/lib/client/format";

/** "2 added, 1 changed, 3 deleted". */
export function summariseChanges(changes: readonly FileChange[]): string {
  const words = { added: "added", modified: "changed", deleted: "deleted" };
  return (["added", "modified", "deleted"] as const)
    .map((kind) => [changes.filter((change) => change.kind === kind).length, words[kind]] as const)
    .filter(([amount]) => amount > 0)
    .map(([amount, word]) => `${String(amount)} ${word}`)
    .join(", ");
}

const NAMED = 12;

/** The first of the changed files by name, if there is no room for their differences. */
export function ChangeNames({ title, changes }: { title: string; changes: readonly FileChange[] }) {
  const sorted = [...changes].sort((a, b) => weight(a) - weight(b) || a.path.localeCompare(b.path));
  return (
    <div className="rounded-md border border-line bg-sunken px-3 py-2.5">
      <p className="mb-1.5 text-xs font-medium">{title}</p>
      <ul className="font-mono text-xs leading-5 text-soft">
        {sorted.slice(0, NAMED).map(({ path, kind }) => (
          <li key={path} className="flex gap-2">
            <span className="min-w-0 truncate" title={path}>
              {path}
            </span>
            <span className="font-sans text-muted">{kind === "modified" ? "changed" : kind}</span>
          </li>
        ))}
      </ul>
      {changes.length > NAMED && (
        <p className="mt-1 text-xs text-muted">and {grouped(changes.length - NAMED)} more</p>
      )}
    </div>
  );
}

// What decides who may do what is read first.
export const weight = ({ path }: FileChange) => (path === "security.yml" ? 0 : path === "index.yml" ? 1 : 2);
