"use client";

import type { Event } from "@/lib/domain/event";
import type { Version } from "@/lib/domain/version";
import { dayName } from "@/lib/client/format";
import { useWorkspacesById } from "@/lib/client/workspaces-by-id";
import { useNow } from "@/components/ui/time";
import { versionName, versionRepository } from "./describe-event";
import { EventRow } from "./event-row";

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

/** A version that an event is about, and the workspace it belongs to. */
export interface PublishedVersion {
  slug: string;
  name: string;
  version: Version;
}

interface EventDaysProps {
  /** Of one workspace; the feed of all says whose each event is. */
  slug: string | undefined;
  events: Event[];
  /** Those that came while the page was open. */
  fresh: ReadonlySet<string>;
  onFollow: (correlationId: string) => void;
  onRollBack: (published: PublishedVersion) => void;
}

/** Events under the day on which they happened. */
export function EventDays({ slug, events, fresh, onFollow, onRollBack }: EventDaysProps) {
  const workspaces = useWorkspacesById(events.flatMap(({ source }) => source.workspaceId ?? []));
  const now = useNow(60_000);
  return groupByDay(events, now ?? 0).map(([day, ofDay]) => (
    <section key={day} aria-label={day}>
      <h2 className="border-b border-line bg-sunken px-4 py-1.5 text-xs font-medium text-muted">{day}</h2>
      <ul>
        {ofDay.map((event) => {
          const workspace = workspaces.get(event.source.workspaceId ?? "");
          const version = publishedVersion(event);
          const target = workspace ?? (slug ? { slug, name: slug } : undefined);
          return (
            <EventRow
              key={event.id}
              event={event}
              isNew={fresh.has(event.id)}
              workspace={slug === undefined ? workspace : undefined}
              onFollow={onFollow}
              onRollBack={
                version && target
                  ? () => {
                      onRollBack({ slug: target.slug, name: target.name, version });
                    }
                  : undefined
              }
            />
          );
        })}
      </ul>
    </section>
  ));
}
