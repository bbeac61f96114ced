"use client";

import { useSyncExternalStore } from "react";
import { duration, fullTime, timeAgo } from "@/lib/client/format";

/** The present, rounded up to `everyMs` so that no time is in the future; null while rendering on the server. */
export function useNow(everyMs: number): number | null {
  return useSyncExternalStore(
    (notify) => {
      const timer = setInterval(notify, everyMs);
      return () => {
        clearInterval(timer);
      };
    },
    () => Math.ceil(Date.now() / everyMs) * everyMs,
    () => null,
  );
}

/** "5 min ago", with the whole date on hover. */
export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const now = useNow(20_000);
  return (
    <time dateTime={at} title={fullTime(at)} className={className} suppressHydrationWarning>
      {timeAgo(at, now ?? Date.parse(at))}
    </time>
  );
}

/** A stopwatch that runs while `until` is missing. Silent for assistive technology: steps are announced elsewhere. */
export function Timer({ since, until, className }: { since: string; until?: string; className?: string }) {
  return until ? (
    <span className={className}>{duration(Date.parse(until) - Date.parse(since))}</span>
  ) : (
    <RunningTimer since={since} className={className} />
  );
}

function RunningTimer({ since, className }: { since: string; className?: string | undefined }) {
  const now = useNow(100);
  return (
    <span role="timer" aria-live="off" className={className} suppressHydrationWarning>
      {duration(now === null ? 0 : now - Date.parse(since))}
    </span>
  );
}
