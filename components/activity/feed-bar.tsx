"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { Pause, Play, Radio, Route, WifiOff, X } from "lucide-react";
import { withQuery } from "@/lib/client/api";
import { SearchField } from "@/components/workspaces/fleet/search-field";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/form/select";

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

/** The filters in the address. */
export function useFeedUrl() {
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

interface FeedBarProps {
  filter: ReturnType<typeof useFeedUrl>["filter"];
  onChange: ReturnType<typeof useFeedUrl>["change"];
  /** Whether new events are shown as they come. */
  live: boolean;
  line: string;
  onLive: (live: boolean) => void;
}

/** Which events the feed shows, and whether it follows new ones. */
export function FeedBar({ filter, onChange, live, line, onLive }: FeedBarProps) {
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <SearchField
        label="Filter events"
        placeholder="Text in the event"
        value={filter.text ?? ""}
        onChange={(text) => {
          onChange({ text });
        }}
      />
      <Select
        aria-label="Kind of event"
        value={filter.types ?? ""}
        onChange={(event) => {
          onChange({ types: event.currentTarget.value });
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
            onChange({ "source.correlationId": undefined });
          }}
        >
          <Route aria-hidden />
          One chain of events
          <X aria-label="Show all again" />
        </Button>
      )}
      <span className="ml-auto flex items-center gap-2">
        <LinePill live={live} line={line} />
        <Button
          variant="ghost"
          size="sm"
          aria-pressed={live}
          onClick={() => {
            onLive(!live);
          }}
        >
          {live ? <Pause aria-hidden /> : <Play aria-hidden />}
          {live ? "Pause" : "Follow"}
        </Button>
      </span>
    </div>
  );
}
