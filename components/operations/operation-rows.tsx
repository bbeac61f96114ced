"use client";

import Link from "next/link";
import { memo, useMemo, useState } from "react";
import { ChevronRight } from "lucide-react";
import type { OperationRow, RowState } from "@/lib/client/operations/operation-view";
import { duration } from "@/lib/client/format";
import { cn } from "@/lib/client/cn";
import { Count } from "@/components/ui/badge";
import { LongList } from "@/components/ui/rows/long-list";
import { Timer } from "@/components/ui/time";
import { ErrorDetails } from "./error-details";
import { RowBadge } from "./outcome";

const FILTERS: [string, readonly RowState[] | null][] = [
  ["All", null],
  ["Running", ["running", "waiting"]],
  ["Done", ["done"]],
  ["Failed", ["failed"]],
  ["Left out", ["skipped", "excluded"]],
];

// An operation that was cancelled or broke leaves rows behind that nothing will move any more.
function settle(row: OperationRow): OperationRow {
  if (row.state !== "running" && row.state !== "waiting") return row;
  return { ...row, state: "skipped", word: "Not reached" };
}

/** A row for each workspace of a bulk operation. */
export function OperationRows({ rows: told, ended }: { rows: OperationRow[]; ended: boolean }) {
  const rows = useMemo(() => (ended ? told.map(settle) : told), [ended, told]);
  const [filter, setFilter] = useState("All");
  const states = FILTERS.find(([label]) => label === filter)?.[1] ?? null;
  const shown = states ? rows.filter(({ state }) => states.includes(state)) : rows;
  return (
    <section aria-labelledby="rows" className="rounded-lg border border-line bg-surface shadow-card">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-2">
        <h2 id="rows" className="font-semibold">
          Workspaces
        </h2>
        <div role="group" aria-label="Show" className="-mx-1 flex flex-wrap gap-1">
          {FILTERS.map(([label, wanted]) => {
            const amount = wanted ? rows.filter(({ state }) => wanted.includes(state)).length : rows.length;
            if (amount === 0 && label !== filter) return null;
            return (
              <button
                key={label}
                type="button"
                aria-pressed={label === filter}
                onClick={() => {
                  setFilter(label);
                }}
                className={cn(
                  "inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-xs font-medium",
                  label === filter ? "bg-active text-text" : "text-muted hover:bg-hover hover:text-text",
                )}
              >
                {label} <Count>{amount}</Count>
              </button>
            );
          })}
        </div>
      </header>
      {shown.length === 0 ? (
        <p className="px-4 py-8 text-center text-muted">None of the workspaces is in this state.</p>
      ) : (
        <LongList rows={shown} keyOf={({ slug }) => slug} height={44}>
          {(row) => <Row row={row} />}
        </LongList>
      )}
    </section>
  );
}

function fileCounts({ importedFiles, deletedFiles }: OperationRow): string[] {
  return [
    ...(importedFiles ? [`+${String(importedFiles)}`] : []),
    ...(deletedFiles ? [`−${String(deletedFiles)}`] : []),
  ];
}

// Most rows stay as they are while one of them moves.
const Row = memo(function Row({ row }: { row: OperationRow }) {
  const [choice, setOpen] = useState<boolean>();
  const open = choice ?? row.state === "failed";
  const hasErrors = row.errors.length > 0;
  const note = row.state === "running" ? (row.message ?? row.step) : row.reason;
  const files = fileCounts(row);
  return (
    <>
      <div className="grid min-h-11 grid-cols-[1fr_auto] items-center gap-x-3 gap-y-1 px-4 py-2 sm:grid-cols-[minmax(0,1.2fr)_9.5rem_minmax(0,1fr)_4rem_4.5rem_1.75rem]">
        <span className="min-w-0 truncate">
          <Link
            href={`/workspaces/${row.importedAs ?? row.slug}`}
            className="rounded-sm font-medium hover:underline"
          >
            <bdi>{row.name}</bdi>
          </Link>{" "}
          <span className="font-mono text-xs text-muted">{row.slug}</span>
        </span>
        <span className="justify-self-end sm:justify-self-start">
          <RowBadge state={row.state} word={row.word} />
        </span>
        <span className="col-span-2 min-w-0 truncate text-xs text-muted sm:col-span-1" title={note}>
          {note}
        </span>
        <span className="tabular hidden text-right font-mono text-xs text-muted sm:block">
          {files.length > 0 && <span className="sr-only">Files: </span>}
          {files.join(" ")}
        </span>
        <span className="tabular hidden text-right text-xs text-muted sm:block">
          {row.state === "running" && row.stepStartedAt ? (
            <Timer since={row.stepStartedAt} />
          ) : (
            row.duration !== undefined && row.duration > 0 && duration(row.duration)
          )}
        </span>
        {hasErrors ? (
          <button
            type="button"
            aria-expanded={open}
            aria-label={`Errors of ${row.name}`}
            onClick={() => {
              setOpen(!open);
            }}
            className="inline-flex size-7 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
          >
            <ChevronRight aria-hidden className={cn("size-4 transition-transform", open && "rotate-90")} />
          </button>
        ) : (
          <span className="hidden sm:block" />
        )}
      </div>
      {hasErrors && open && <ErrorDetails errors={row.errors} className="mx-4 mb-3" />}
    </>
  );
});
