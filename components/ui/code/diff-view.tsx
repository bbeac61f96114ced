"use client";

import { useMemo, useState, type ComponentType } from "react";
import { Columns2, Rows2, UnfoldVertical } from "lucide-react";
import { cn } from "@/lib/client/cn";
import { Button } from "../button";
import { compareLines, countLines, foldLines, type DiffLine, type Piece } from "./diff-model";

interface DiffViewProps {
  path: string;
  before: string | null;
  after: string | null;
}

const ROW = { same: "", removed: "bg-danger-soft", added: "bg-success-soft" };
const MARK = { same: "", removed: "bg-danger-line", added: "bg-success-line" };
const SIGN = { same: " ", removed: "−", added: "+" };
const SPOKEN = { same: "", removed: "removed: ", added: "added: " };

/** Two texts compared line by line, unified or side by side; equal stretches are folded. */
export function DiffView({ path, before, after }: DiffViewProps) {
  const [split, setSplit] = useState(false);
  const lines = useMemo(() => compareLines(before ?? "", after ?? ""), [before, after]);
  const { added, removed } = countLines(lines);
  const Draw = split ? SplitLines : UnifiedLines;
  return (
    <figure className="overflow-hidden rounded-md border border-line bg-surface">
      <figcaption className="flex min-h-9 items-center gap-2 border-b border-line bg-sunken px-3 text-xs">
        <span className="min-w-0 truncate font-mono">{path}</span>
        <span className="tabular ml-auto shrink-0 font-mono">
          <span className="text-success">+{added}</span> <span className="text-danger">−{removed}</span>
        </span>
        <Button
          variant="ghost"
          size="icon-sm"
          className="max-sm:hidden"
          aria-pressed={split}
          aria-label="Side by side"
          title={split ? "One column" : "Side by side"}
          onClick={() => {
            setSplit(!split);
          }}
        >
          {split ? <Rows2 aria-hidden /> : <Columns2 aria-hidden />}
        </Button>
      </figcaption>
      {lines.every(({ kind }) => kind === "same") ? (
        <p className="px-3 py-4 text-center text-xs text-muted">Both sides have the same text.</p>
      ) : (
        <FoldedLines label={`Changes of ${path}`} lines={lines} Draw={Draw} />
      )}
    </figure>
  );
}

interface FoldedLinesProps {
  label: string;
  lines: DiffLine[];
  /** Draws lines that are not folded away. */
  Draw: ComponentType<{ lines: DiffLine[] }>;
}

/** Compared lines in a box of limited height; equal stretches are folded until they are opened. */
export function FoldedLines({ label, lines, Draw }: FoldedLinesProps) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  return (
    <div
      tabIndex={0}
      role="group"
      aria-label={label}
      className="max-h-[32rem] overflow-auto font-mono text-xs leading-5"
    >
      {foldLines(lines).map((block, index) =>
        block.kind === "lines" || opened.has(index) ? (
          <Draw key={index} lines={block.lines} />
        ) : (
          <Gap
            key={index}
            lines={block.lines.length}
            onOpen={() => {
              setOpened(new Set([...opened, index]));
            }}
          />
        ),
      )}
    </div>
  );
}

/** Equal lines that are folded away, and the way to see them. */
function Gap({ lines, onOpen }: { lines: number; onOpen: () => void }) {
  return (
    <button
      type="button"
      className="focus-inset flex h-7 w-full items-center gap-2 bg-sunken px-3 font-sans text-muted hover:bg-hover hover:text-text"
      onClick={onOpen}
    >
      <UnfoldVertical aria-hidden className="size-3.5" />
      {lines} equal lines
    </button>
  );
}

function Pieces({ pieces, kind }: { pieces: Piece[]; kind: DiffLine["kind"] }) {
  return (
    <span className="whitespace-pre-wrap [overflow-wrap:anywhere]">
      {pieces.map((piece, index) =>
        piece.changed ? (
          <mark key={index} className={cn("rounded-[2px] text-text", MARK[kind])}>
            {piece.text}
          </mark>
        ) : (
          piece.text
        ),
      )}
      {"\n"}
    </span>
  );
}

export const NUMBER = "w-9 shrink-0 select-none pr-2 text-right text-muted tabular";

function UnifiedLines({ lines }: { lines: DiffLine[] }) {
  return lines.map((line, index) => (
    <div key={index} className={cn("flex", ROW[line.kind])}>
      <span aria-hidden className={NUMBER}>
        {line.before}
      </span>
      <span aria-hidden className={NUMBER}>
        {line.after}
      </span>
      <span aria-hidden className="w-5 shrink-0 text-center text-muted select-none">
        {SIGN[line.kind]}
      </span>
      <span className="sr-only">{SPOKEN[line.kind]}</span>
      <span className="min-w-0 flex-1 pr-3">
        <Pieces pieces={line.pieces} kind={line.kind} />
      </span>
    </div>
  ));
}

interface Pair {
  left?: DiffLine;
  right?: DiffLine;
}

function pairLines(lines: DiffLine[]): Pair[] {
  const pairs: Pair[] = [];
  let waiting: Pair[] = [];
  for (const line of lines) {
    if (line.kind === "same") {
      waiting = [];
      pairs.push({ left: line, right: line });
    } else if (line.kind === "removed") {
      const pair = { left: line };
      waiting.push(pair);
      pairs.push(pair);
    } else {
      const pair = waiting.shift();
      if (pair) pair.right = line;
      else pairs.push({ right: line });
    }
  }
  return pairs;
}

function SplitLines({ lines }: { lines: DiffLine[] }) {
  return pairLines(lines).map((pair, index) => (
    <div key={index} className="grid grid-cols-2">
      {(["left", "right"] as const).map((side) => {
        const line = pair[side];
        return (
          <div
            key={side}
            className={cn("flex min-w-0 border-line not-first:border-l", line ? ROW[line.kind] : "bg-sunken")}
          >
            <span aria-hidden className={NUMBER}>
              {side === "left" ? line?.before : line?.after}
            </span>
            <span className="sr-only">{line && SPOKEN[line.kind]}</span>
            <span className="min-w-0 flex-1 pr-2">
              {line && <Pieces pieces={line.pieces} kind={line.kind} />}
            </span>
          </div>
        );
      })}
    </div>
  ));
}
