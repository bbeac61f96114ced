"use client";

import Link from "next/link";
import { Layers } from "lucide-react";
import { toApiError } from "@/lib/client/api";
import { count } from "@/lib/client/format";
import { usePlatform } from "@/lib/client/queries";
import { Badge } from "@/components/ui/badge";
import { EmptyState, ErrorPanel, Skeleton } from "@/components/ui/states";
import { Card, Commands } from "@/components/ui/text";

/** The groups, what puts a workspace in them, and how many it has. */
export function GroupsPanel() {
  const { data, error, refetch } = usePlatform();
  if (error && !data) return <ErrorPanel error={toApiError(error)} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-40 rounded-lg" />;
  if (data.groups.length === 0) {
    return (
      <Card>
        <EmptyState icon={Layers} title="No groups">
          <p>
            A group lists the labels of the workspaces that move together. Set one and restart the server.
          </p>
          <Commands
            lines={['WORKSPACES_GROUP_support_LABELS="support,helpdesk"']}
            className="mt-4 text-left"
          />
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card>
      <ul>
        {data.groups.map(({ name, labels, workspaces, dirty }) => (
          <li key={name} className="border-b border-line last:border-0">
            <div className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-2.5">
              <h2 className="min-w-32 font-semibold">{name}</h2>
              <span className="flex flex-1 flex-wrap gap-1">
                {labels.map((label) => (
                  <Badge key={label} tone="outline" className="font-mono">
                    {label}
                  </Badge>
                ))}
              </span>
              {dirty > 0 && (
                <Link
                  className="tabular rounded-sm text-xs font-medium text-dirty hover:underline"
                  href={`/?status=dirty&group=${encodeURIComponent(name)}`}
                >
                  {dirty} dirty
                </Link>
              )}
              <Link
                className="tabular rounded-sm text-xs text-soft hover:underline"
                href={`/?group=${encodeURIComponent(name)}`}
              >
                {count(workspaces, "workspace")}
              </Link>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
