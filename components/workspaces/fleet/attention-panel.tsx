"use client";

import Link from "next/link";
import { ChevronRight } from "lucide-react";
import type { FleetCounts } from "@/lib/domain/wire/api";
import type { WorkspaceSummary } from "@/lib/domain/workspace";
import { lockReason } from "@/lib/domain/write-lock";
import { count, grouped } from "@/lib/client/format";
import { useWorkspaces } from "@/lib/client/queries";
import { SkeletonRows } from "@/components/ui/states";
import { Card, CardHeader } from "@/components/ui/text";
import { RelativeTime } from "@/components/ui/time";
import { SyncBadge } from "../sync-badge";

const SHOWN = 4;

const WORDS = { conflict: "in conflict", locked: "locked", behind: "behind" };

/** Workspaces that need someone's attention, each with the reason; nothing if all is well. */
export function AttentionPanel({ counts }: { counts: FleetCounts | undefined }) {
  const conflicts = useWorkspaces({ status: "conflict", limit: SHOWN }, (counts?.conflict ?? 0) > 0);
  const locked = useWorkspaces({ status: "locked", limit: SHOWN }, (counts?.locked ?? 0) > 0);
  const behind = useWorkspaces({ status: "behind", limit: SHOWN }, (counts?.behind ?? 0) > 0);
  if (!counts) return null;
  if ([conflicts, locked, behind].some(({ isLoading }) => isLoading)) {
    // As high as what comes, so that the table below stays where it is.
    const expected = Math.min(SHOWN, counts.conflict + counts.locked + counts.behind);
    return (
      <Card className="mb-5" aria-label="Needs attention">
        <CardHeader title="Needs attention" />
        <SkeletonRows rows={expected} height={44} label="Loading what needs attention" />
      </Card>
    );
  }
  const found = new Map<string, [WorkspaceSummary, string, string]>();
  for (const workspace of conflicts.data ?? []) {
    found.set(workspace.id, [
      workspace,
      "The last merge had a conflict. Resolve it or discard one side.",
      "sync?tab=conflicts",
    ]);
  }
  for (const workspace of locked.data ?? []) {
    const lock = workspace.writeLock;
    // A running operation unlocks by itself; a lock that someone set by hand does not.
    if (!lock || lock.reason.endsWith("_in_progress") || found.has(workspace.id)) continue;
    found.set(workspace.id, [workspace, `Locked: ${lockReason(lock.reason)}.`, ""]);
  }
  for (const workspace of behind.data ?? []) {
    if (found.has(workspace.id)) continue;
    const reason = workspace.behind
      ? `${count(workspace.behind, "commit")} to pull from the repository.`
      : "The repository has changes to pull.";
    found.set(workspace.id, [workspace, reason, "sync?tab=updates"]);
  }
  const rows = [...found.values()].slice(0, SHOWN);
  if (rows.length === 0) return null;
  const more = (["conflict", "locked", "behind"] as const).filter((status) => counts[status] > SHOWN);
  return (
    <Card className="mb-5" aria-label="Needs attention">
      <CardHeader title="Needs attention">
        {more.map((status) => (
          <Link
            key={status}
            href={`/?status=${status}`}
            className="ml-2 rounded-sm py-1 text-xs text-accent hover:underline"
          >
            {`All ${grouped(counts[status])} ${WORDS[status]}`}
          </Link>
        ))}
      </CardHeader>
      <ul>
        {rows.map(([workspace, reason, place]) => (
          <li key={workspace.id} className="border-b border-line last:border-0">
            <Link
              href={`/workspaces/${workspace.slug}/${place}`}
              className="focus-inset flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 hover:bg-hover"
            >
              <SyncBadge workspace={workspace} className="w-24" />
              <span dir="auto" className="max-w-full truncate font-medium">
                {workspace.name}
              </span>
              <span className="min-w-0 flex-1 basis-60 text-pretty text-muted sm:truncate">{reason}</span>
              <span className="hidden text-xs text-muted sm:inline">
                changed <RelativeTime at={workspace.updatedAt} />
              </span>
              <ChevronRight aria-hidden className="size-4 text-muted" />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
