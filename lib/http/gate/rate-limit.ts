import { AppError } from "@/lib/domain/error";
import { networkOf } from "@/lib/net/addresses";
import type { Viewer } from "@/lib/server/viewer";

const WINDOW_MS = 60_000;
const MAX_KEYS = 100_000;

interface Window {
  count: number;
  endsAt: number;
}

// On globalThis: the bundler may load this module more than once in one process.
const shared = globalThis as typeof globalThis & { switchyardRates?: Map<string, Window> };

function windowOf(key: string, now: number): Window {
  const windows = (shared.switchyardRates ??= new Map<string, Window>());
  const known = windows.get(key);
  if (known && known.endsAt > now) return known;
  if (windows.size >= MAX_KEYS)
    for (const [other, { endsAt }] of windows)
      if (endsAt <= now || windows.size >= MAX_KEYS) windows.delete(other);
  const fresh = { count: 0, endsAt: now + WINDOW_MS };
  windows.set(key, fresh);
  return fresh;
}

/** Whom a request is counted for: its token, its session, or else its network. */
export function rateKey(viewer: Viewer | null, address: string | undefined): string {
  if (viewer?.tokenId !== undefined) return `token:${viewer.tokenId}`;
  if (viewer?.sessionId !== undefined) return `session:${viewer.sessionId}`;
  return `address:${address === undefined ? "unknown" : networkOf(address)}`;
}

/**
 * Counts a request in this process and answers the headers that tell its client how much is left of the minute; none
 * when there is no limit. Throws TooManyRequests with `retryAfter` in seconds.
 */
export function countRequest(key: string, limit: number, headers: Headers, now: number = Date.now()): void {
  if (limit === 0) return;
  const window = windowOf(key, now);
  window.count += 1;
  const seconds = Math.max(1, Math.ceil((window.endsAt - now) / 1000));
  headers.set("ratelimit-limit", String(limit));
  headers.set("ratelimit-remaining", String(Math.max(0, limit - window.count)));
  headers.set("ratelimit-reset", String(seconds));
  if (window.count > limit)
    throw new AppError(
      "TooManyRequests",
      `You sent more than ${String(limit)} requests in a minute. Wait ${String(seconds)} seconds.`,
      { retryAfter: seconds, limit },
    );
}
