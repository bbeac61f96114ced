"use client";

import { useEffect, useState, type ReactNode } from "react";
import { ArrowDown, ArrowUp } from "lucide-react";
import type { WorkspaceSummary } from "@/lib/domain/workspace";
import { cn } from "@/lib/client/cn";
import { useHotkeys } from "@/components/shell/use-hotkeys";
import { Tick } from "@/components/ui/form/field";
import { useWindowRows } from "@/components/ui/rows/use-window-rows";
import { FleetRow } from "./fleet-row";
import type { Selection } from "./use-selection";

const ROW_HEIGHT = 53;

interface FleetTableProps {
  rows: WorkspaceSummary[];
  total: number;
  sort: string;
  onSort: (sort: string) => void;
  selection: Selection;
  /** Called when the end of what is loaded comes into view. */
  onEnd: () => void;
}

/** The fleet as a table; draws only the rows in view, however many there are. */
export function FleetTable({ rows, total, sort, onSort, selection, onEnd }: FleetTableProps) {
  const [cursor, setCursor] = useState(-1);
  const { body, virtualizer, items, before, after } = useWindowRows<HTMLTableSectionElement>({
    count: rows.length,
    height: ROW_HEIGHT,
    keyOf: (index) => rows[index]?.id ?? index,
  });
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 20) onEnd();
  }, [last, onEnd, rows.length]);

  const move = (step: number) => () => {
    const next = Math.min(rows.length - 1, Math.max(0, cursor + step));
    setCursor(next);
    virtualizer.scrollToIndex(next, { align: "auto" });
    requestAnimationFrame(() => {
      const row = document.querySelector<HTMLElement>(`[data-row="${String(next)}"]`);
      row?.querySelector("a")?.focus({ preventScroll: true });
      row?.scrollIntoView({ block: "nearest" });
    });
  };
  // The row's own link has the focus then, so Enter opens it.
  useHotkeys({
    j: move(1),
    k: move(-1),
    x: () => {
      const workspace = rows[cursor];
      if (workspace) selection.toggle(workspace);
    },
  });

  return (
    <table className="w-full table-fixed" aria-rowcount={total + 1}>
      <caption className="sr-only">Workspaces. Press j and k to move, Enter to open, x to choose.</caption>
      <thead className="sticky top-[3px] z-10 hidden bg-surface text-left text-xs text-muted sm:table-header-group [&_th]:shadow-[inset_0_-1px_0_var(--line)]">
        <tr aria-rowindex={1}>
          <th scope="col" className="h-9 w-11 pl-2.5">
            <ChooseAll rows={rows} selection={selection} />
          </th>
          <SortHeader className="pl-1.5" field="name" sort={sort} onSort={onSort}>
            Workspace
          </SortHeader>
          <Header className="w-32">State</Header>
          <Header className="w-32">Version</Header>
          <Header className="hidden w-36 md:table-cell">Last push</Header>
          <Header className="hidden w-36 min-[1400px]:table-cell">Last pull</Header>
          <Header className="hidden w-40 xl:table-cell">Groups</Header>
          <SortHeader
            className="hidden w-28 pr-4 md:table-cell"
            field="-updatedAt"
            sort={sort}
            onSort={onSort}
          >
            Changed
          </SortHeader>
        </tr>
      </thead>
      <tbody ref={body} className="block sm:table-row-group">
        {before > 0 && <Spacer height={before} />}
        {items.map(({ index }) => {
          const workspace = rows[index];
          return (
            workspace && (
              <FleetRow
                key={workspace.id}
                index={index}
                workspace={workspace}
                isChosen={selection.chosen.has(workspace.id)}
                onChoose={() => {
                  selection.toggle(workspace);
                }}
                onFocus={() => {
                  setCursor(index);
                }}
              />
            )
          );
        })}
        {after > 0 && <Spacer height={after} />}
      </tbody>
    </table>
  );
}

function ChooseAll({ rows, selection }: Pick<FleetTableProps, "rows" | "selection">) {
  const chosen = rows.filter(({ id }) => selection.chosen.has(id)).length;
  return (
    <label className="flex size-8 cursor-pointer items-center justify-center">
      <Tick
        // More rows come as the end of the table is reached: it says how many it represents.
        aria-label={`Select all ${String(rows.length)} shown`}
        title={`Select all ${String(rows.length)} shown`}
        checked={chosen > 0 && chosen === rows.length}
        indeterminate={chosen > 0 && chosen < rows.length}
        onChange={() => {
          selection.toggleAll(rows);
        }}
      />
    </label>
  );
}

// One cell: spanning columns that a narrow window hides would bring them back, empty.
function Spacer({ height }: { height: number }) {
  return (
    <tr aria-hidden className="block sm:table-row">
      <td style={{ height }} className="block p-0 sm:table-cell" />
    </tr>
  );
}

function Header({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <th scope="col" className={cn("h-9 px-2 font-medium", className)}>
      {children}
    </th>
  );
}

function SortHeader({
  field,
  sort,
  onSort,
  className,
  children,
}: {
  field: string;
  sort: string;
  onSort: (sort: string) => void;
  className?: string;
  children: ReactNode;
}) {
  const bare = field.replace("-", "");
  const active = sort.replace("-", "") === bare;
  const descending = sort.startsWith("-");
  const Icon = descending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={active ? (descending ? "descending" : "ascending") : "none"}
      className={cn("h-9 px-2 font-medium", className)}
    >
      <button
        type="button"
        className="-mx-1.5 inline-flex h-6 items-center gap-1 rounded-sm px-1.5 hover:bg-hover hover:text-text"
        onClick={() => {
          onSort(active ? (descending ? bare : `-${bare}`) : field);
        }}
      >
        {children}
        {active && <Icon aria-hidden className="size-3.5" />}
      </button>
    </th>
  );
}
