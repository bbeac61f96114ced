"use client";

import { useRouter, useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { ArrowLeft, FilePlus, FileQuestionMark } from "lucide-react";
import { toApiError, withQuery } from "@/lib/client/api";
import { count } from "@/lib/client/format";
import { useSources, useWorkspace } from "@/lib/client/queries";
import { holdPage } from "@/lib/client/stream/line";
import { cn } from "@/lib/client/cn";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorPanel, SkeletonRows } from "@/components/ui/states";
import { SearchField } from "../fleet/search-field";
import { useDrafts } from "./draft-store";
import { EditorPane } from "./editor-pane";
import { FileTree } from "./file-tree";
import { NewFileDialog } from "./new-file-dialog";

function useUnloadGuard(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const guard = (event: BeforeUnloadEvent) => {
      event.preventDefault();
    };
    window.addEventListener("beforeunload", guard);
    const release = holdPage();
    return () => {
      window.removeEventListener("beforeunload", guard);
      release();
    };
  }, [active]);
}

/** The versioned files of a workspace: a tree and an editor. */
export function FilesPage({ slug }: { slug: string }) {
  const router = useRouter();
  const params = useSearchParams();
  const sources = useSources(slug);
  const { data: workspace } = useWorkspace(slug);
  const drafts = useDrafts(slug);
  const [filter, setFilter] = useState("");
  const [creating, setCreating] = useState(false);
  useUnloadGuard(drafts.size > 0);

  const chosen = params.get("file") ?? undefined;
  const files = sources.data?.files ?? [];
  // On a wide window something useful is open at once; on a phone the list comes first.
  const path = chosen ?? files.find((file) => file.path === "index.yml")?.path;
  const file = files.find((candidate) => candidate.path === path);
  const readOnly =
    workspace !== undefined &&
    (workspace.writeLock !== undefined || !workspace.permissions.includes("update"));
  const select = (next: string | undefined) => {
    router.replace(withQuery(`/workspaces/${slug}`, { file: next }), { scroll: false });
  };
  const shown = files.filter((candidate) => candidate.path.toLowerCase().includes(filter.toLowerCase()));

  if (sources.error && !sources.data)
    return <ErrorPanel error={toApiError(sources.error)} onRetry={() => void sources.refetch()} />;
  return (
    <div
      className={cn(
        "grid min-h-108",
        workspace?.writeLock ? "h-[calc(100dvh-18.5rem)]" : "h-[calc(100dvh-13.25rem)]",
        " overflow-hidden rounded-lg border border-line bg-surface shadow-card md:grid-cols-[17rem_1fr]",
      )}
    >
      <section
        aria-label="Files"
        className={cn(
          "min-h-0 flex-col border-line bg-sunken md:flex md:border-r",
          chosen ? "hidden" : "flex",
        )}
      >
        <div className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-2.5">
          <SearchField value={filter} onChange={setFilter} label="Filter files" placeholder="Filter files" />
          <Button
            size="icon"
            variant="ghost"
            aria-label="New file"
            title="New file"
            disabled={readOnly}
            onClick={() => {
              setCreating(true);
            }}
          >
            <FilePlus aria-hidden />
          </Button>
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto">
          {!sources.data ? (
            <SkeletonRows rows={9} height={28} label="Loading the files" />
          ) : shown.length === 0 ? (
            <p className="px-4 py-6 text-center text-muted">No file is called “{filter}”.</p>
          ) : (
            <FileTree
              files={shown}
              selected={path}
              unsaved={new Set(drafts.keys())}
              isFiltered={filter !== ""}
              onSelect={select}
            />
          )}
        </div>
        <p className="tabular flex h-9 shrink-0 items-center justify-between border-t border-line px-3 text-xs text-muted">
          {sources.data && count(files.length, "file")}
          {drafts.size > 0 && <span className="text-dirty">{count(drafts.size, "unsaved file")}</span>}
        </p>
      </section>
      <section
        aria-label="Editor"
        className={cn("min-h-0 min-w-0 flex-col md:flex", chosen ? "flex" : "hidden")}
      >
        <div className="border-b border-line px-2 py-1.5 md:hidden">
          <Button
            variant="ghost"
            size="sm"
            onClick={() => {
              select(undefined);
            }}
          >
            <ArrowLeft aria-hidden />
            All files
          </Button>
        </div>
        {file ? (
          <EditorPane
            key={file.path}
            slug={slug}
            file={file}
            readOnly={readOnly}
            onDeleted={() => {
              select(undefined);
            }}
          />
        ) : (
          sources.data && (
            <EmptyState icon={FileQuestionMark} title={path ? `No file “${path}”` : "No file is open"}>
              {path ? "It may have been deleted or renamed." : "Select a file on the left, or create one."}
            </EmptyState>
          )
        )}
      </section>
      <NewFileDialog
        slug={slug}
        taken={files}
        open={creating}
        onOpenChange={setCreating}
        onCreated={(created) => {
          setCreating(false);
          select(created);
        }}
      />
    </div>
  );
}
