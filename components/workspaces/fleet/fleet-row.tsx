"use client";

import Link from "next/link";
import type { SyncRecord, WorkspaceSummary } from "@/lib/domain/workspace";
import { cn } from "@/lib/client/cn";
import { shortCommit } from "@/lib/client/format";
import { usePeople } from "@/lib/client/queries";
import { Badge } from "@/components/ui/badge";
import { Tick } from "@/components/ui/form/field";
import { RelativeTime } from "@/components/ui/time";
import { SyncBadge } from "../sync-badge";

/** The version that a workspace holds: that of its latest push or pull. */
function heldVersion({ lastPush, lastPull }: WorkspaceSummary): string | undefined {
  if (!lastPush || !lastPull) return (lastPush ?? lastPull)?.version;
  return (lastPush.createdAt > lastPull.createdAt ? lastPush : lastPull).version;
}

interface FleetRowProps {
  workspace: WorkspaceSummary;
  index: number;
  isChosen: boolean;
  onChoose: () => void;
  onFocus: () => void;
}

/** One workspace: a table row, on a phone a card of two lines. The name's link covers the row. */
export function FleetRow({ workspace, index, isChosen, onChoose, onFocus }: FleetRowProps) {
  const version = heldVersion(workspace);
  return (
    <tr
      data-row={index}
      aria-rowindex={index + 2}
      onFocus={onFocus}
      className={cn(
        "relative flex h-[53px] scroll-mt-16 scroll-mb-20 items-center border-b border-line px-2 last:border-0 sm:table-row sm:px-0 [&>td]:sm:border-b [&>td]:sm:border-line",
        isChosen ? "bg-accent-soft" : "focus-within:bg-hover hover:bg-hover",
      )}
    >
      <td className="sm:pl-2.5">
        {/* Above the link that covers the row. */}
        <label className="relative z-1 flex size-8 cursor-pointer items-center justify-center">
          <Tick aria-label={`Choose ${workspace.name}`} checked={isChosen} onChange={onChoose} />
        </label>
      </td>
      <td className="min-w-0 flex-1 px-2 sm:pl-1.5">
        <Link
          href={`/workspaces/${workspace.slug}`}
          title={workspace.name}
          dir="auto"
          className="block truncate font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
        >
          {workspace.name}
        </Link>
        <span className="flex min-w-0 items-center gap-1.5 text-xs text-muted">
          <span className="truncate font-mono">{workspace.slug}</span>
          {workspace.app && (
            <Badge tone="outline" className="h-4! px-1! text-2xs!">
              app
            </Badge>
          )}
        </span>
      </td>
      <td className="px-2">
        <SyncBadge workspace={workspace} />
      </td>
      <td className="hidden px-2 sm:table-cell">
        {version ? (
          <span className="block truncate font-mono text-xs" title={version}>
            {shortCommit(version)}
          </span>
        ) : (
          <Nothing>No version</Nothing>
        )}
      </td>
      <td className="hidden px-2 md:table-cell">
        <Run record={workspace.lastPush} missing="Never pushed" />
      </td>
      <td className="hidden px-2 min-[1400px]:table-cell">
        <Run record={workspace.lastPull} missing="Never pulled" />
      </td>
      <td className="hidden px-2 xl:table-cell">
        <span className="flex gap-1 overflow-hidden">
          {workspace.groups.slice(0, 2).map((group) => (
            <Badge key={group} tone="outline">
              {group}
            </Badge>
          ))}
          {workspace.groups.length > 2 && (
            <Badge tone="outline" title={workspace.groups.slice(2).join(", ")}>
              +{workspace.groups.length - 2}
            </Badge>
          )}
        </span>
      </td>
      <td className="hidden pr-4 pl-2 text-xs text-muted md:table-cell">
        <RelativeTime at={workspace.updatedAt} />
      </td>
    </tr>
  );
}

function Run({ record, missing }: { record: SyncRecord | undefined; missing: string }) {
  const nameOf = usePeople();
  if (!record) return <Nothing>{missing}</Nothing>;
  return (
    <span className="block truncate text-xs leading-4">
      <RelativeTime at={record.createdAt} />
      <span className="block truncate text-muted">{nameOf(record.createdBy)}</span>
    </span>
  );
}

function Nothing({ children }: { children: string }) {
  return (
    <span className="text-muted">
      <span aria-hidden>–</span>
      <span className="sr-only">{children}</span>
    </span>
  );
}
