"use client";

import { own } from "@/lib/domain/own";
import { ArrowDownToLine, GitMerge, TriangleAlert, Trash2 } from "lucide-react";
import type { SyncView } from "@/lib/domain/wire/api";
import { count } from "@/lib/client/format";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/states";
import { Card, CardHeader, Commands } from "@/components/ui/text";
import { FileItem } from "../change-list";
import { ThreeSides } from "./three-sides";

const KINDS: Record<string, string> = {
  content: "changed on both sides",
  both_modified: "changed on both sides",
  "add/add": "added on both sides",
  both_added: "added on both sides",
  "modify/delete": "changed here, deleted there",
  "delete/modify": "deleted here, changed there",
  "file/directory": "a file here, a folder there",
};

interface ConflictPanelProps {
  slug: string;
  view: SyncView;
  busy: boolean;
  onPull: () => void;
  onDiscard: () => void;
}

function gitCommands({ repository, targetBranch, intermediateBranch, conflicts }: SyncView): string[] {
  const quote = (text: string) => (/^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  return [
    ...(repository.url ? [`git clone ${quote(repository.url)} resolve && cd resolve`] : []),
    "git fetch origin",
    `git switch ${quote(intermediateBranch)}`,
    `git merge ${quote(`origin/${targetBranch}`)}`,
    conflicts.length > 0
      ? `# edit and stage: ${conflicts
          .map(({ path }) => path)
          .slice(0, 3)
          .join(", ")}${conflicts.length > 3 ? ", …" : ""}`
      : "# edit the conflicting files and stage them",
    "git commit",
    `git push origin ${quote(intermediateBranch)}`,
  ];
}

/** The files in conflict and the two ways out of it. */
export function ConflictPanel({ slug, view, busy, onPull, onDiscard }: ConflictPanelProps) {
  if (view.status !== "conflict" && view.conflicts.length === 0) {
    return (
      <EmptyState icon={GitMerge} title="No conflicts">
        If both sides change the same lines, the files are listed here with ways to resolve them.
      </EmptyState>
    );
  }
  const isReadOnly = view.repository.mode === "read-only";
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2 [&>*]:min-w-0">
      {view.conflicts.length > 0 && (
        <Card className="lg:col-span-2">
          <CardHeader title={`${count(view.conflicts.length, "file")} in conflict`} />
          <ul>
            {view.conflicts.map(({ path, kind }) => (
              <ConflictItem key={path} slug={slug} repository={view.repository.id} path={path} kind={kind} />
            ))}
          </ul>
        </Card>
      )}
      {isReadOnly ? (
        <>
          <TakeTheirs title="Take the repository's side…" view={view} busy={busy} onDiscard={onDiscard} />
          <ResolveHere />
        </>
      ) : (
        <>
          <ResolveWithGit view={view} busy={busy} onPull={onPull} />
          <TakeTheirs title="Or take the repository's side" view={view} busy={busy} onDiscard={onDiscard} />
        </>
      )}
    </div>
  );
}

function ResolveWithGit({ view, busy, onPull }: Pick<ConflictPanelProps, "view" | "busy" | "onPull">) {
  return (
    <Card>
      <CardHeader title="Resolve with git, then pull" />
      <div className="flex flex-col gap-3 p-4">
        <p className="text-pretty text-muted">
          This workspace&apos;s state is on its own branch. Merge the target branch into it, push that branch,
          and pull here: the resolution comes in and the lock goes. A merge request of this branch on your git
          host works as well.
        </p>
        <Commands lines={gitCommands(view)} />
        <Button variant="primary" className="self-start" busy={busy} onClick={onPull}>
          <ArrowDownToLine aria-hidden />
          Pull the resolution
        </Button>
      </div>
    </Card>
  );
}

function TakeTheirs({
  title,
  view,
  busy,
  onDiscard,
}: Pick<ConflictPanelProps, "view" | "busy" | "onDiscard"> & { title: string }) {
  return (
    <Card>
      <CardHeader title={title} />
      <div className="flex flex-col gap-3 p-4">
        <p className="text-pretty text-muted">
          Discard local changes and import{" "}
          {view.targetBranch ? (
            <>
              branch <span className="font-mono text-xs text-text">{view.targetBranch}</span> as it is.
            </>
          ) : (
            "the repository's content."
          )}{" "}
          A snapshot of the workspace is saved first, so this can be undone with a rollback.
        </p>
        <Button variant="danger-quiet" className="self-start" disabled={busy} onClick={onDiscard}>
          <Trash2 aria-hidden />
          Discard local changes…
        </Button>
      </div>
    </Card>
  );
}

/** Nothing is pushed to a read-only repository, so there is no branch to resolve anything on. */
function ResolveHere() {
  return (
    <Card>
      <CardHeader title="… and restore what you want to keep" />
      <p className="p-4 text-pretty text-muted">
        Nothing can be written to a read-only repository, so you resolve the conflict here. Copy what you want
        to keep from the files above, or compare with the snapshot under Versions later, and change the files
        once more. The next pull keeps that, unless the repository changes the same lines again.
      </p>
    </Card>
  );
}

interface ConflictItemProps {
  slug: string;
  repository: string;
  path: string;
  kind: string;
}

function ConflictItem({ slug, repository, path, kind }: ConflictItemProps) {
  return (
    <FileItem
      icon={<TriangleAlert aria-hidden className="size-4 shrink-0 text-conflict" />}
      path={path}
      word={<span className="text-xs text-muted">{own(KINDS, kind) ?? kind}</span>}
    >
      <ThreeSides slug={slug} repository={repository} path={path} />
    </FileItem>
  );
}
