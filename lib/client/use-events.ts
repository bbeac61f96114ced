"use client";

import { useInfiniteQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { z } from "zod";
import type { EventList } from "@/lib/domain/wire/api";
import { Event } from "@/lib/domain/event";
import { events } from "@/lib/contract/events";
import { addressOf, call, workspaceNamed } from "./api/call";
import { followStream, type StreamState } from "./stream/event-stream";

// A type and no interface: the query of a feed takes filters by path, so its keys are open.
export type EventFilter = {
  text?: string | undefined;
  types?: string | undefined;
  afterDate?: string;
  beforeDate?: string;
  "source.correlationId"?: string | undefined;
};

type FeedPage = z.infer<typeof EventList>["result"];

const PAGE = 50;

type FeedQuery = EventFilter & { limit?: number; beforeId?: string | undefined; sse?: boolean };

async function feedPage(slug: string | undefined, query: FeedQuery, signal: AbortSignal): Promise<FeedPage> {
  const answer = await (slug === undefined
    ? call(events.listAll, { query, signal })
    : call(events.list, { params: workspaceNamed(slug), query, signal }));
  return answer.result;
}

function feedAddress(slug: string | undefined, query: FeedQuery): string {
  return slug === undefined
    ? addressOf(events.listAll, { query })
    : addressOf(events.list, { params: workspaceNamed(slug), query });
}

/** The feed of a workspace, or of all of them: newest first, older ones on demand, new ones as they come. */
export function useEvents(slug: string | undefined, filter: EventFilter, live: boolean) {
  const client = useQueryClient();
  const [line, setLine] = useState<StreamState>("connecting");
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const filterKey = JSON.stringify(filter);

  const query = useInfiniteQuery({
    queryKey: ["events", slug, filterKey],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      feedPage(slug, { ...filter, limit: PAGE, beforeId: pageParam }, signal),
    getNextPageParam: ({ events, searchedTo }) =>
      searchedTo ?? (events.length < PAGE ? undefined : events.at(-1)?.id),
    // New events arrive by the stream; without one, by asking again.
    refetchInterval: live && line === "live" ? false : 10_000,
  });

  const isLoaded = query.isSuccess;
  useEffect(() => {
    if (!live || !isLoaded) return;
    const parsed = JSON.parse(filterKey) as EventFilter;
    const queryKey = ["events", slug, filterKey];
    const newest = client.getQueryData<InfiniteData<FeedPage>>(queryKey)?.pages[0]?.events[0]?.id;
    let stop: (() => void) | null = null;

    const begin = (after: string | undefined) => {
      stop ??= followStream({
        url: feedAddress(slug, { ...parsed, sse: true }),
        ...(after === undefined ? {} : { lastEventId: after }),
        onState: setLine,
        onMessage: (message) => {
          const event = envelopeOf(message.data);
          if (!event) {
            // A stream of bare payloads still says that there is something new.
            void client.invalidateQueries({ queryKey });
            return;
          }
          setFresh((before) => new Set([...before, event.id]));
          client.setQueryData<InfiniteData<FeedPage>>(queryKey, (data) => addNewest(data, event));
        },
      });
    };
    const onVisibility = () => {
      if (document.hidden) {
        stop?.();
        stop = null;
      } else {
        begin(client.getQueryData<InfiniteData<FeedPage>>(queryKey)?.pages[0]?.events[0]?.id);
      }
    };
    begin(newest);
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      stop?.();
    };
  }, [client, filterKey, isLoaded, live, slug]);

  return { ...query, events: query.data?.pages.flatMap(({ events }) => events) ?? [], line, fresh };
}

function envelopeOf(data: string): Event | null {
  try {
    return Event.parse(JSON.parse(data));
  } catch {
    return null;
  }
}

function addNewest(
  data: InfiniteData<FeedPage> | undefined,
  event: Event,
): InfiniteData<FeedPage> | undefined {
  const [first, ...rest] = data?.pages ?? [];
  if (!data || !first || first.events.some((known) => known.id === event.id)) return data;
  return { ...data, pages: [{ ...first, events: [event, ...first.events] }, ...rest] };
}
