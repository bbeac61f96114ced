"use client";

import type { ReactNode } from "react";
import { useWindowRows } from "./use-window-rows";

/** Up to so many rows are all drawn: the browser's own search and printing find them. */
const ALL_DRAWN = 200;
const LINE = "border-b border-line last:border-0";

interface LongListProps<T> {
  rows: readonly T[];
  keyOf: (row: T) => string;
  /** How high most rows are, in pixels. */
  height: number;
  /** The order of the rows means something. */
  ordered?: boolean;
  children: (row: T) => ReactNode;
}

/** A list with a line between its rows; of thousands it draws those in view. */
export function LongList<T>({ rows, keyOf, height, ordered = false, children }: LongListProps<T>) {
  const isLong = rows.length > ALL_DRAWN;
  const { body, virtualizer, items, before, after } = useWindowRows<HTMLOListElement & HTMLUListElement>({
    count: isLong ? rows.length : 0,
    height,
    keyOf: (index) => {
      const row = rows[index];
      return row === undefined ? index : keyOf(row);
    },
  });
  const List = ordered ? "ol" : "ul";
  if (!isLong)
    return (
      <List ref={body}>
        {rows.map((row) => (
          <li key={keyOf(row)} className={LINE}>
            {children(row)}
          </li>
        ))}
      </List>
    );
  return (
    <List ref={body} style={{ paddingTop: before, paddingBottom: after }}>
      {items.map(({ index, key }) => {
        const row = rows[index];
        return (
          row !== undefined && (
            <li
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              className={LINE}
            >
              {children(row)}
            </li>
          )
        );
      })}
    </List>
  );
}
