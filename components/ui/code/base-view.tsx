"use client";

import { useMemo } from "react";
import { cn } from "@/lib/client/cn";
import { touchedLines, type DiffLine } from "./diff-model";
import { FoldedLines, NUMBER } from "./diff-view";

interface BaseViewProps {
  path: string;
  base: string;
  /** What the text became on each side; the lines that either of them changed are marked. */
  sides: readonly string[];
}

/** The text that two sides started from, folded to what they changed. */
export function BaseView({ path, base, sides }: BaseViewProps) {
  const lines = useMemo(() => touchedLines(base, sides), [base, sides]);
  return (
    <figure className="overflow-hidden rounded-md border border-line bg-surface">
      <figcaption className="flex min-h-9 items-center border-b border-line bg-sunken px-3 text-xs">
        <span className="min-w-0 truncate font-mono">{path}</span>
      </figcaption>
      <FoldedLines label={`${path} before both changes`} lines={lines} Draw={BaseLines} />
    </figure>
  );
}

function BaseLines({ lines }: { lines: DiffLine[] }) {
  return lines.map((line) => (
    <div key={line.before} className={cn("flex", line.kind !== "same" && "bg-warning-soft")}>
      <span aria-hidden className={NUMBER}>
        {line.before}
      </span>
      <span className="sr-only">{line.kind !== "same" && "changed: "}</span>
      <span className="min-w-0 flex-1 px-2 whitespace-pre-wrap [overflow-wrap:anywhere]">
        {line.pieces.map(({ text }) => text).join("")}
        {"\n"}
      </span>
    </div>
  ));
}
