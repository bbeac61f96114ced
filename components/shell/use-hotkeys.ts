"use client";

import { own } from "@/lib/domain/own";
import { useEffect, useRef, useSyncExternalStore } from "react";

const SETTING = "switchyard-single-keys";
const CHANGED = "switchyard:single-keys";

/** Whether single letters act as shortcuts; anyone whom they disturb can switch them off in the help. */
export function useSingleKeys(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(
    (notify) => {
      window.addEventListener(CHANGED, notify);
      return () => {
        window.removeEventListener(CHANGED, notify);
      };
    },
    () => localStorage.getItem(SETTING) !== "off",
    () => true,
  );
  return [
    on,
    (next) => {
      localStorage.setItem(SETTING, next ? "on" : "off");
      window.dispatchEvent(new globalThis.Event(CHANGED));
    },
  ];
}

function isTyping(target: EventTarget | null): boolean {
  // A checkbox takes no letters, and a person who ticked one goes on with the next key.
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|button|file)$/.test(target.type);
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

const SEQUENCE_MS = 900;

/** Binds keys such as `/`, `?`, `j` and sequences such as `g f`; never while someone types or a dialog is open. */
export function useHotkeys(bindings: Record<string, (event: KeyboardEvent) => void>): void {
  const latest = useRef(bindings);
  const [enabled] = useSingleKeys();
  useEffect(() => {
    latest.current = bindings;
  });
  useEffect(() => {
    if (!enabled) return;
    let first = "";
    let since = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || document.querySelector("[role=dialog],[role=menu]")) return;
      const sequence = event.timeStamp - since < SEQUENCE_MS && first ? `${first} ${event.key}` : "";
      const action = own(latest.current, sequence) ?? own(latest.current, event.key);
      first = event.key;
      since = event.timeStamp;
      if (!action) return;
      first = "";
      event.preventDefault();
      action(event);
    };
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
    };
  }, [enabled]);
}
