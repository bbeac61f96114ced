"use client";

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState } from "react";

interface Rows {
  count: number;
  /** How high a row is in pixels until it is measured. */
  height: number;
  keyOf: (index: number) => string | number;
}

/** Which rows of a long list are in view as the window scrolls, and the room that the others take. */
export function useWindowRows<E extends HTMLElement>({ count, height, keyOf }: Rows) {
  const body = useRef<E>(null);
  const [offset, setOffset] = useState(0);

  useLayoutEffect(() => {
    const measure = () => {
      setOffset((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    };
    measure();
    // The content above the rows may grow once it is loaded.
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => {
      observer.disconnect();
    };
  }, []);

  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => height,
    overscan: 12,
    scrollMargin: offset,
    getItemKey: keyOf,
  });
  const items = virtualizer.getVirtualItems();
  return {
    body,
    virtualizer,
    items,
    before: (items[0]?.start ?? offset) - offset,
    after: virtualizer.getTotalSize() - ((items.at(-1)?.end ?? offset) - offset),
  };
}
