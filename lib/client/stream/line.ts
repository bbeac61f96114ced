"use client";

import { useSyncExternalStore } from "react";

/** How requests fare: answered; not answered since a moment; refused for lack of a session while the page is held. */
export type Line = { state: "up" } | { state: "lost"; since: string } | { state: "signed-out" };

const UP: Line = { state: "up" };
let line: Line = UP;
let holders = 0;
const listeners = new Set<() => void>();

/** Tells how the latest request fared; a line that stays lost keeps the moment when it broke. */
export function tellLine(state: Line["state"]): void {
  if (line.state === state) return;
  line = state === "lost" ? { state, since: new Date().toISOString() } : state === "up" ? UP : { state };
  for (const listener of listeners) listener();
}

/** Keeps the page from leaving by itself while something unsaved stands on it; call the answer to let it go. */
export function holdPage(): () => void {
  holders += 1;
  return () => {
    holders -= 1;
  };
}

export function isPageHeld(): boolean {
  return holders > 0;
}

export function useLine(): Line {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => line,
    () => UP,
  );
}
