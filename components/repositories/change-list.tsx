"use client";

import { useState, type ReactNode } from "react";
import {
  ChevronRight,
  CircleCheck,
  FileMinus2,
  FilePen,
  FilePlus2,
  PencilLine,
  type LucideIcon,
} from "lucide-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { FileChange, FileSides, SyncView } from "@/lib/domain/wire/api";
import { toApiError } from "@/lib/client/api";
import { cn } from "@/lib/client/cn";
import { count, grouped } from "@/lib/client/format";
import { useSyncFile } from "@/lib/client/queries";
import { DiffView } from "@/components/ui/code/diff-view";
import { EmptyState, ErrorPanel, Skeleton } from "@/components/ui/states";

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

/** "2 added, 1 changed, 3 deleted". */
export function summariseChanges(changes: readonly FileChange[]): string {
  const words = { added: "added", modified: "changed", deleted: "deleted" };
  return (["added", "modified", "deleted"] as const)
    .map((kind) => [changes.filter((change) => change.kind === kind).length, words[kind]] as const)
    .filter(([amount]) => amount > 0)
    .map(([amount, word]) => `${String(amount)} ${word}`)
    .join(", ");
}

const NAMED = 12;

/** The first of the changed files by name, where there is no room for their differences. */
export function ChangeNames({ title, changes }: { title: string; changes: readonly FileChange[] }) {
  const sorted = [...changes].sort((a, b) => weight(a) - weight(b) || a.path.localeCompare(b.path));
  return (
    <div className="rounded-md border border-line bg-sunken px-3 py-2.5">
      <p className="mb-1.5 text-xs font-medium">{title}</p>
      <ul className="font-mono text-xs leading-5 text-soft">
        {sorted.slice(0, NAMED).map(({ path, kind }) => (
          <li key={path} className="flex gap-2">
            <span className="min-w-0 truncate" title={path}>
              {path}
            </span>
            <span className="font-sans text-muted">{kind === "modified" ? "changed" : kind}</span>
          </li>
        ))}
      </ul>
      {changes.length > NAMED && (
        <p className="mt-1 text-xs text-muted">and {grouped(changes.length - NAMED)} more</p>
      )}
    </div>
  );
}

// What decides who may do what is read first.
const weight = ({ path }: FileChange) => (path === "security.yml" ? 0 : path === "index.yml" ? 1 : 2);

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

/** What differs from a repository on one side: here, or there. */
export function SyncChanges({
  slug,
  view,
  side,
}: {
  slug: string;
  view: SyncView;
  side: "changes" | "updates";
}) {
  const changes = (side === "changes" ? view.changes : view.updates) ?? [];
  if (changes.length === 0) {
    return side === "changes" ? (
      <EmptyState icon={PencilLine} title="Nothing was changed here">
        The workspace is what was last pushed to or pulled from {view.repository.name}.
      </EmptyState>
    ) : (
      <EmptyState icon={CircleCheck} title="Nothing to pull">
        {view.repository.name} holds nothing that is not here already.
      </EmptyState>
    );
  }
  return (
    <ChangeList
      changes={changes}
      label={side === "changes" ? "Changes made here" : "Changes in the repository"}
      useSides={function useSides(path) {
        return useSyncFile(slug, view.repository.id, path, side);
      }}
    />
  );
}
