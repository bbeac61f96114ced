"use client";

import { useState, type ReactNode } from "react";
import { ChevronRight, FileMinus2, FilePen, FilePlus2, type LucideIcon } from "lucide-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { FileChange, FileSides } from "@/lib/domain/wire/api";
import { toApiError } from "@/lib/client/api";
import { cn } from "@/lib/client/cn";
import { count } from "@/lib/client/format";
import { DiffView } from "@/components/ui/code/diff-view";
import { ErrorPanel, Skeleton } from "@/components/ui/states";
import { summariseChanges, weight } from "./change-names";

const KINDS: Record<FileChange["kind"], [LucideIcon, string, string]> = {
  added: [FilePlus2, "text-success", "Added"],
  modified: [FilePen, "text-warning", "Changed"],
  deleted: [FileMinus2, "text-danger", "Deleted"],
};

type UseSides = (path: string) => UseQueryResult<FileSides>;

interface ChangeListProps {
  changes: FileChange[];
  /** Loads both sides of a file once it is opened. */
  useSides: UseSides;
  label: string;
}

/** Changed files, each of which opens into its differences. */
export function ChangeList({ changes, useSides, label }: ChangeListProps) {
  const sorted = [...changes].sort((a, b) => weight(a) - weight(b) || a.path.localeCompare(b.path));
  return (
    <section
      aria-label={label}
      className="overflow-hidden rounded-lg border border-line bg-surface shadow-card"
    >
      <p className="border-b border-line bg-sunken px-4 py-2 text-xs text-muted">
        <span className="font-medium text-text">{count(changes.length, "file")}</span>:{" "}
        {summariseChanges(changes)}
      </p>
      <ul>
        {sorted.map((change) => (
          <ChangeItem key={change.path} change={change} useSides={useSides} />
        ))}
      </ul>
    </section>
  );
}

function ChangeItem({ change, useSides }: { change: FileChange; useSides: UseSides }) {
  const [Icon, colour, word] = KINDS[change.kind];
  return (
    <FileItem
      icon={<Icon aria-hidden className={cn("size-4 shrink-0", colour)} />}
      path={change.path}
      word={<span className={cn("text-xs", colour)}>{word}</span>}
    >
      <Sides path={change.path} useSides={useSides} />
    </FileItem>
  );
}

interface FileItemProps {
  icon: ReactNode;
  path: string;
  word: ReactNode;
  /** What opens below; drawn when it is open. */
  children: ReactNode;
}

/** A file of a list, which opens to show what is in it. */
export function FileItem({ icon, path, word, children }: FileItemProps) {
  const [open, setOpen] = useState(false);
  return (
    <li className="border-b border-line last:border-0">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
        className="focus-inset flex min-h-10 w-full flex-wrap items-center gap-x-2.5 px-4 py-1.5 text-left hover:bg-hover"
      >
        {icon}
        <span className="min-w-0 flex-1 truncate font-mono text-xs" title={path}>
          {path}
        </span>
        {word}
        <ChevronRight
          aria-hidden
          className={cn("size-4 text-muted transition-transform", open && "rotate-90")}
        />
      </button>
      {open && <div className="px-4 pt-1 pb-4">{children}</div>}
    </li>
  );
}

function Sides({ path, useSides }: { path: string; useSides: UseSides }) {
  const { data, error, refetch } = useSides(path);
  if (error && !data) return <ErrorPanel error={toApiError(error)} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-28" />;
  if (data.before === null && data.after === null) {
    return <p className="text-xs text-muted">This file is not text; only its bytes are compared.</p>;
  }
  return <DiffView path={path} before={data.before} after={data.after} />;
}
