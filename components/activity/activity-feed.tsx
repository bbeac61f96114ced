"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { Activity, Pause, Play, Radio, Route, WifiOff, X } from "lucide-react";
import type { Event } from "@/lib/domain/event";
import type { Version } from "@/lib/domain/version";
import { toApiError, withQuery } from "@/lib/client/api";
import { dayName } from "@/lib/client/format";
import { useEvents } from "@/lib/client/use-events";
import { useWorkspacesById } from "@/lib/client/workspaces-by-id";
import { RollbackDialog } from "@/components/versions/rollback-dialog";
import { SearchField } from "@/components/workspaces/fleet/search-field";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/form/select";
import { EmptyState, ErrorPanel, SkeletonRows } from "@/components/ui/states";
import { useNow } from "@/components/ui/time";
import { versionName, versionRepository } from "./describe-event";
import { EventRow } from "./event-row";

const TYPES: [string, string][] = [
  ["", "All events"],
  ["workspaces.versions.published,workspaces.versions.rollback,workspaces.imported", "Versions and imports"],
  ["workspaces.bulk*", "Bulk operations"],
  [
    "workspaces.created,workspaces.updated,workspaces.deleted,workspaces.configured,workspaces.automations.*,workspaces.pages.*,workspaces.apps.*,workspaces.security.*",
    "Edits",
  ],
  ["workspaces.writeLock.*", "Locks"],
  ["*error*", "Errors"],
];

function useFeedUrl() {
  const router = useRouter();
  const path = usePathname();
  const params = useSearchParams();
  const filter = {
    text: params.get("text") ?? undefined,
    types: params.get("types") ?? undefined,
    "source.correlationId": params.get("source.correlationId") ?? undefined,
  };
  const change = (part: Partial<typeof filter>) => {
    router.replace(withQuery(path, { ...filter, ...part }), { scroll: false });
  };
  return { filter, change };
}

interface Chosen {
  slug: string;
  name: string;
  version: Version;
}

/** What happened, newest first: of one workspace, or of all. */
export function ActivityFeed({ slug }: { slug?: string }) {
  const { filter, change } = useFeedUrl();
  const [live, setLive] = useState(true);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const feed = useEvents(slug, filter, live);
  const workspaces = useWorkspacesById(feed.events.flatMap(({ source }) => source.workspaceId ?? []));
  const now = useNow(60_000);
  const isFiltered = Boolean(filter.text ?? filter.types ?? filter["source.correlationId"]);

  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchField
          label="Filter events"
          placeholder="Text in the event"
          value={filter.text ?? ""}
          onChange={(text) => {
            change({ text });
          }}
        />
        <Select
          aria-label="Kind of event"
          value={filter.types ?? ""}
          onChange={(event) => {
            change({ types: event.currentTarget.value });
          }}
        >
          {TYPES.map(([value, label]) => (
            <option key={label} value={value}>
              {label}
            </option>
          ))}
          {filter.types && !TYPES.some(([value]) => value === filter.types) && (
            <option value={filter.types}>{filter.types}</option>
          )}
        </Select>
        {filter["source.correlationId"] && (
          <Button
            size="sm"
            onClick={() => {
              change({ "source.correlationId": undefined });
            }}
          >
            <Route aria-hidden />
            One chain of events
            <X aria-label="Show all again" />
          </Button>
        )}
        <span className="ml-auto flex items-center gap-2">
          <LinePill live={live} line={feed.line} />
          <Button
            variant="ghost"
            size="sm"
            aria-pressed={live}
            onClick={() => {
              setLive(!live);
            }}
          >
            {live ? <Pause aria-hidden /> : <Play aria-hidden />}
            {live ? "Pause" : "Follow"}
          </Button>
        </span>
      </div>
      {feed.error && !feed.data ? (
        <ErrorPanel error={toApiError(feed.error)} onRetry={() => void feed.refetch()} />
      ) : (
        <div className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
          {feed.isPending ? (
            <SkeletonRows rows={10} height={44} label="Loading the activity" />
          ) : feed.events.length === 0 ? (
            <EmptyState
              icon={Activity}
              title={
                feed.hasNextPage
                  ? "None of the newest events matches"
                  : isFiltered
                    ? "No event matches"
                    : "Nothing has happened yet"
              }
              action={
                isFiltered && (
                  <Button
                    onClick={() => {
                      change({ text: undefined, types: undefined, "source.correlationId": undefined });
                    }}
                  >
                    Clear the filters
                  </Button>
                )
              }
            >
              {isFiltered
                ? "Try other words or another kind."
                : "Edits, pushes, pulls and rollbacks show up here as they happen."}
            </EmptyState>
          ) : (
            groupByDay(feed.events, now ?? 0).map(([day, events]) => (
              <section key={day} aria-label={day}>
                <h2 className="border-b border-line bg-sunken px-4 py-1.5 text-xs font-medium text-muted">
                  {day}
                </h2>
                <ul>
                  {events.map((event) => {
                    const workspace = workspaces.get(event.source.workspaceId ?? "");
                    const version = publishedVersion(event);
                    const target = workspace ?? (slug ? { slug, name: slug } : undefined);
                    return (
                      <EventRow
                        key={event.id}
                        event={event}
                        isNew={feed.fresh.has(event.id)}
                        workspace={slug === undefined ? workspace : undefined}
                        onFollow={(id) => {
                          change({ "source.correlationId": id });
                        }}
                        onRollBack={
                          version && target
                            ? () => {
                                setChosen({ slug: target.slug, name: target.name, version });
                              }
                            : undefined
                        }
                      />
                    );
                  })}
                </ul>
              </section>
            ))
          )}
          {feed.hasNextPage && (
            <div className="border-t border-line p-3 text-center">
              <Button
                variant="ghost"
                busy={feed.isFetchingNextPage}
                onClick={() => void feed.fetchNextPage()}
              >
                {feed.events.length === 0 ? "Search older events" : "Show older events"}
              </Button>
            </div>
          )}
        </div>
      )}
      {chosen && (
        <RollbackDialog
          slug={chosen.slug}
          workspaceName={chosen.name}
          version={chosen.version}
          onClose={() => {
            setChosen(null);
          }}
        />
      )}
    </>
  );
}

function publishedVersion(event: Event): Version | undefined {
  const name = versionName(event);
  if (event.type !== "workspaces.versions.published" || !name) return undefined;
  return { name, createdAt: event.createdAt, repository: { id: versionRepository(event) ?? "prismeai" } };
}

function groupByDay(events: Event[], now: number): [string, Event[]][] {
  const days = new Map<string, Event[]>();
  for (const event of events) {
    const day = dayName(event.createdAt, now);
    days.set(day, [...(days.get(day) ?? []), event]);
  }
  return [...days];
}

function LinePill({ live, line }: { live: boolean; line: string }) {
  if (!live) return <Badge tone="neutral">Paused</Badge>;
  if (line === "reconnecting")
    return (
      <Badge tone="warning" icon={WifiOff}>
        Reconnecting
      </Badge>
    );
  return (
    <Badge tone={line === "live" ? "success" : "neutral"} icon={Radio}>
      {line === "live" ? "Live" : "Connecting"}
    </Badge>
  );
}
