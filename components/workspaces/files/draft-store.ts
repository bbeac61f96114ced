"use client";

import { useSyncExternalStore } from "react";

/** Text that was typed and not saved, with the tag of the file it began from. */
export interface Draft {
  text: string;
  etag: string;
}

const drafts = new Map<string, ReadonlyMap<string, Draft>>();
const listeners = new Set<() => void>();
const NONE: ReadonlyMap<string, Draft> = new Map();

function set(slug: string, next: ReadonlyMap<string, Draft>): void {
  drafts.set(slug, next);
  for (const listener of listeners) listener();
}

/** Keeps unsaved text while someone looks at another file or page; only closing the window would lose it. */
export function keepDraft(slug: string, path: string, draft: Draft): void {
  set(slug, new Map(drafts.get(slug)).set(path, draft));
}

export function dropDraft(slug: string, path: string): void {
  const next = new Map(drafts.get(slug));
  if (next.delete(path)) set(slug, next);
}

export function useDrafts(slug: string): ReadonlyMap<string, Draft> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => drafts.get(slug) ?? NONE,
    () => NONE,
  );
}
