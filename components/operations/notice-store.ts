"use client";

import { useSyncExternalStore } from "react";

let tracked: readonly string[] = [];
const settled = new Set<string>();
const listeners = new Set<() => void>();

function set(next: readonly string[]): void {
  tracked = next;
  for (const listener of listeners) listener();
}

/** Shows an operation as a notification until it ends. Said once more, it changes nothing. */
export function trackOperation(id: string): void {
  if (tracked.includes(id) || settled.has(id)) return;
  set([...tracked, id]);
}

/** Takes a notification away for good: the operation ended, or someone closed it. */
export function settleOperation(id: string): void {
  settled.add(id);
  set(tracked.filter((other) => other !== id));
}

const NONE: readonly string[] = [];

export function useTracked(): readonly string[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => tracked,
    () => NONE,
  );
}
