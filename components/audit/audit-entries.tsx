"use client";

import { ScrollText } from "lucide-react";
import { toApiError } from "@/lib/client/api";
import { useAudit, type AuditFilter } from "@/lib/client/access";
import { fullTime } from "@/lib/client/format";
import { usePeople } from "@/lib/client/queries";
import { useWorkspacesById } from "@/lib/client/workspaces-by-id";
import type { AuditEntryView } from "@/lib/domain/access";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorPanel, SkeletonRows } from "@/components/ui/states";
import { Card } from "@/components/ui/text";
import { RelativeTime } from "@/components/ui/time";

const OUTCOMES = { succeeded: "success", refused: "warning", failed: "danger" } as const;

/** What the filters let through, newest first. */
export function AuditEntries({ filter }: { filter: AuditFilter }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useAudit(filter);
  const entries = data?.pages.flatMap((page) => page.entries);
  const workspaces = useWorkspacesById(entries?.flatMap(({ workspaceId }) => workspaceId ?? []) ?? []);
  if (error && !data) return <ErrorPanel error={toApiError(error)} onRetry={() => void refetch()} />;
  return (
    <Card>
      {!entries ? (
        <SkeletonRows label="Loading the audit log" />
      ) : entries.length === 0 ? (
        <EmptyState icon={ScrollText} title="Nothing matches">
          Widen the filters, or try an earlier day.
        </EmptyState>
      ) : (
        <ul>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} workspace={workspaces.get(entry.workspaceId ?? "")?.name} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <div className="flex justify-center border-t border-line p-3">
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show earlier entries
          </Button>
        </div>
      )}
    </Card>
  );
}

function Entry({ entry, workspace }: { entry: AuditEntryView; workspace: string | undefined }) {
  const nameOf = usePeople();
  const { action, outcome, email, userId, target, workspaceId, address, correlationId, details, createdAt } =
    entry;
  return (
    <li className="border-b border-line last:border-0">
      <details className="group">
        <summary className="focus-inset flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 hover:bg-hover lg:grid lg:grid-cols-[minmax(0,13rem)_6rem_minmax(0,1fr)_minmax(0,14rem)_6rem]">
          <code className="font-mono text-sm font-medium break-all">{action}</code>
          <span>
            <Badge tone={OUTCOMES[outcome]}>{outcome}</Badge>
          </span>
          <span className="flex min-w-0 items-baseline gap-x-2 text-xs max-lg:basis-full max-lg:empty:hidden">
            {workspace && (
              <span dir="auto" className="max-w-full truncate text-sm">
                {workspace}
              </span>
            )}
            {target && target !== workspace && (
              <span dir="auto" className="min-w-0 truncate font-mono text-soft">
                {target}
              </span>
            )}
          </span>
          <span className="min-w-0 truncate text-sm text-soft">{email ?? nameOf(userId, userId)}</span>
          <RelativeTime at={createdAt} className="text-xs text-muted lg:text-right" />
        </summary>
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 bg-sunken px-4 py-3 text-xs">
          {Object.entries({
            When: fullTime(createdAt),
            User: userId,
            Workspace: workspace && workspaceId ? `${workspace} (${workspaceId})` : workspaceId,
            Address: address,
            Correlation: correlationId,
            Details: Object.keys(details).length > 0 ? JSON.stringify(details) : undefined,
          }).map(
            ([name, value]) =>
              value !== undefined && (
                <div key={name} className="contents">
                  <dt className="text-muted">{name}</dt>
                  <dd className="min-w-0 font-mono break-all">{value}</dd>
                </div>
              ),
          )}
        </dl>
      </details>
    </li>
  );
}
