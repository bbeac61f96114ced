"use client";

import { useState } from "react";
import { Activity } from "lucide-react";
import { toApiError } from "@/lib/client/api";
import { useEvents } from "@/lib/client/use-events";
import { RollbackDialog } from "@/components/versions/rollback-dialog";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorPanel, SkeletonRows } from "@/components/ui/states";
import { EventDays, type PublishedVersion } from "./event-days";
import { FeedBar, useFeedUrl } from "./feed-bar";

/** What happened, newest first: of one workspace, or of all. */
export function ActivityFeed({ slug }: { slug?: string }) {
  const { filter, change } = useFeedUrl();
  const [live, setLive] = useState(true);
  const [chosen, setChosen] = useState<PublishedVersion | null>(null);
  const feed = useEvents(slug, filter, live);
  const isFiltered = Boolean(filter.text ?? filter.types ?? filter["source.correlationId"]);

  return (
    <>
      <FeedBar filter={filter} onChange={change} live={live} line={feed.line} onLive={setLive} />
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
                  ? "No recent events match"
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
                : "Edits, pushes, pulls and rollbacks appear here as they happen."}
            </EmptyState>
          ) : (
            <EventDays
              slug={slug}
              events={feed.events}
              fresh={feed.fresh}
              onFollow={(id) => {
                change({ "source.correlationId": id });
              }}
              onRollBack={setChosen}
            />
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
