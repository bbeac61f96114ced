"use client";

import { useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { type WorkspaceDetail } from "@/lib/domain/wire/api";
import type { Event } from "@/lib/domain/event";
import { call, workspaceNamed } from "@/lib/client/api/call";
import { events } from "@/lib/contract/events";
import { usePeople } from "@/lib/client/queries";
import { Notice } from "@/components/ui/states";
import { RelativeTime } from "@/components/ui/time";

/** The newest rollback of a workspace, if nothing was pushed or pulled since. */
export function useLatestRollback(slug: string, workspace: WorkspaceDetail | undefined): Event | null {
  const { data: event } = useQuery({
    queryKey: ["workspace", slug, "rollback"],
    queryFn: async () => {
      const query = { types: "workspaces.versions.rollback", limit: 1 };
      const { result } = await call(events.list, { params: workspaceNamed(slug), query });
      return result.events[0] ?? null;
    },
  });
  const since = [workspace?.lastPush, workspace?.lastPull].some(
    (record) => record && event && record.createdAt > event.createdAt,
  );
  return event && !since ? event : null;
}

/** The version that a rollback went back to. */
export function versionOf(payload: Record<string, unknown>): string {
  const version = payload["version"];
  if (typeof version === "object" && version !== null && "name" in version) return String(version.name);
  return typeof version === "string" ? version : "an earlier version";
}

/** Says that the workspace was rolled back, by whom and why, until something was pushed since. */
export function RolledBackNotice({ event, isDirty }: { event: Event; isDirty: boolean }) {
  const nameOf = usePeople();
  const reason = event.payload["reason"];
  return (
    <Notice tone="info" icon={History} className="mb-4" title={`Rolled back to ${versionOf(event.payload)}`}>
      By {nameOf(event.source.userId)} <RelativeTime at={event.createdAt} />
      {typeof reason === "string" && reason !== "" ? `: “${reason}”.` : "."}{" "}
      {isDirty && "A pull keeps this state; a push publishes it."}
    </Notice>
  );
}
