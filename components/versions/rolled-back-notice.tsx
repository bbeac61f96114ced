"use client";

import { useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { EventList, type WorkspaceDetail } from "@/lib/domain/api";
import { call, withQuery } from "@/lib/client/api";
import { usePeople, workspacePath } from "@/lib/client/queries";
import { Notice } from "@/components/ui/states";
import { RelativeTime } from "@/components/ui/time";

function useLatestRollback(slug: string) {
  const path = withQuery(`${workspacePath(slug)}/events`, {
    types: "workspaces.versions.rollback",
    limit: 1,
  });
  return useQuery({
    queryKey: ["workspace", slug, "rollback"],
    queryFn: async () => (await call(path, EventList)).result.events[0] ?? null,
  });
}

function versionOf(payload: Record<string, unknown>): string {
  const version = payload["version"];
  if (typeof version === "object" && version !== null && "name" in version) return String(version.name);
  return typeof version === "string" ? version : "an earlier version";
}

/** Says that the workspace was rolled back, by whom and why, until something was pushed since. */
export function RolledBackNotice({ slug, workspace }: { slug: string; workspace: WorkspaceDetail }) {
  const { data: event } = useLatestRollback(slug);
  const nameOf = usePeople();
  if (!event || (workspace.lastPush && workspace.lastPush.createdAt > event.createdAt)) return null;
  const reason = event.payload["reason"];
  return (
    <Notice tone="info" icon={History} className="mb-4" title={`Rolled back to ${versionOf(event.payload)}`}>
      By {nameOf(event.source.userId)} <RelativeTime at={event.createdAt} />
      {typeof reason === "string" && reason !== "" ? `: “${reason}”` : "."}{" "}
      {workspace.dirty && "A pull keeps this state; a push publishes it."}
    </Notice>
  );
}
