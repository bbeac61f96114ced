"use client";

import { useEffect, useRef, useState } from "react";
import { RefreshCw, SearchCheck } from "lucide-react";
import { toast } from "sonner";
import type { RepositoryListing, SyncView, WorkspaceDetail } from "@/lib/domain/wire/api";
import type { Way } from "@/lib/domain/wire/situation";
import { toApiError } from "@/lib/client/api";
import { useDetach, usePull, usePush } from "@/lib/client/mutations";
import { useSync } from "@/lib/client/queries";
import { trackOperation } from "@/components/operations/notice-store";
import { StatusBadge } from "@/components/workspaces/sync-badge";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/form/select";
import { ErrorPanel, Notice } from "@/components/ui/states";
import { RelativeTime } from "@/components/ui/time";
import { BranchDiagram } from "./branch-diagram";
import { ConnectionTest } from "./connection/connection-test";
import { Differences } from "./differences";
import { DiscardDialog } from "./discard-dialog";
import { InlineOperation } from "./inline-operation";
import { PushDialog } from "./push-dialog";
import { SyncActions } from "./sync-actions";
import { SyncSkeleton } from "./sync-skeleton";
import { SituationNotice } from "./ways/situation-notice";
import { WayDialog, type ConfirmedWay } from "./ways/way-dialog";

interface SyncPanelProps {
  slug: string;
  workspace: WorkspaceDetail;
  repository: RepositoryListing;
  repositories: RepositoryListing[];
  tab: string | null;
  onNavigate: (part: { repository?: string; tab?: string }) => void;
}

const SCOPES = { workspace: "This workspace's", platform: "Platform", native: "Built in" };

function tabOf(view: SyncView): string {
  if (view.status === "conflict") return "conflicts";
  return view.changes.length === 0 && (view.updates?.length ?? 0) > 0 ? "updates" : "changes";
}

const DIFFERENCES = "differences";

export function SyncPanel({ slug, workspace, repository, repositories, tab, onNavigate }: SyncPanelProps) {
  const sync = useSync(slug, repository.id);
  const push = usePush(slug);
  const pull = usePull(slug);
  const detach = useDetach(slug);
  const [dialog, setDialog] = useState<"push" | "discard" | ConfirmedWay | null>(null);
  const [operation, setOperation] = useState<string | null>(null);
  const [checking, setChecking] = useState(false);
  const view = sync.data;

  const started = (id: string) => {
    setOperation(id);
    setDialog(null);
    trackOperation(id);
  };
  const runPull = (discardLocalChanges: boolean) => {
    setOperation(null);
    pull.mutate(
      { repository: { id: repository.id }, ...(discardLocalChanges ? { discardLocalChanges } : {}) },
      { onSuccess: started },
    );
  };
  const check = () => {
    setChecking(true);
    sync
      .check()
      .catch((error: unknown) => {
        toast.error("The repository was not checked", { description: toApiError(error).message });
      })
      .finally(() => {
        setChecking(false);
      });
  };

  // What there is to pull or to resolve is only known after a look at the remote.
  const looked = useRef(false);
  const needsLook = view?.updates === null && ["conflict", "behind", "diverged"].includes(view.status);
  const { check: look } = sync;
  useEffect(() => {
    if (!needsLook || looked.current) return;
    looked.current = true;
    look().catch((error: unknown) => {
      toast.error("The repository was not checked", { description: toApiError(error).message });
    });
  }, [needsLook, look]);

  if (sync.error && !view) {
    return (
      <ErrorPanel
        title={`${repository.name} cannot be looked at`}
        error={toApiError(sync.error)}
        onRetry={() => void sync.refetch()}
      />
    );
  }
  if (!view) return <SyncSkeleton />;
  const busy = push.isPending || pull.isPending;
  const actions = {
    onPush: () => {
      push.reset();
      setDialog("push");
    },
    onPull: () => {
      runPull(false);
    },
    onDiscard: () => {
      pull.reset();
      setDialog("discard");
    },
    onResolve: () => {
      onNavigate({ tab: "conflicts" });
      // The tab may be open already, below what is in view.
      document.getElementById(DIFFERENCES)?.scrollIntoView({ block: "start" });
    },
  };

  const takeWay = (way: Way) => {
    if (way === "pull") runPull(false);
    else if (way === "push") actions.onPush();
    else if (way === "discard") actions.onDiscard();
    else {
      push.reset();
      detach.reset();
      setDialog(way);
    }
  };
  const confirmWay = (way: ConfirmedWay) => {
    setOperation(null);
    if (way === "detach") {
      detach.mutate(repository.id, {
        onSuccess: () => {
          setDialog(null);
          toast.success(`Detached from ${repository.name}`);
        },
      });
    } else push.mutate({ [way]: true, repository: { id: repository.id } }, { onSuccess: started });
  };

  return (
    <>
      <section aria-label="Repository" className="mb-5 rounded-lg border border-line bg-surface shadow-card">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-3">
          <Select
            aria-label="Repository"
            className="max-w-full sm:max-w-72"
            value={repository.id}
            onChange={(event) => {
              onNavigate({ repository: event.currentTarget.value });
            }}
          >
            {(["workspace", "platform", "native"] as const).map((scope) => {
              const own = repositories.filter((candidate) => candidate.scope === scope);
              return (
                own.length > 0 && (
                  <optgroup key={scope} label={SCOPES[scope]}>
                    {own.map(({ id, name, mode }) => (
                      <option key={id} value={id}>
                        {name}
                        {mode === "read-write" || name.includes(mode) ? "" : ` (${mode})`}
                      </option>
                    ))}
                  </optgroup>
                )
              );
            })}
          </Select>
          <StatusBadge status={view.status} behind={view.behind ?? undefined} />
          {repository.mode !== "read-write" && <Badge tone="outline">{repository.mode}</Badge>}
          <div className="ml-auto flex flex-wrap items-center gap-2">
            <SyncActions view={view} workspace={workspace} busy={busy} {...actions} />
          </div>
        </div>
        {repository.scope !== "native" && (
          <div className="px-4 py-4">
            <BranchDiagram view={view} />
          </div>
        )}
        <footer className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line bg-sunken px-4 py-2 text-xs text-muted sm:rounded-b-lg">
          <span className="min-w-0 truncate font-mono">
            {repository.url ?? repository.dirpath ?? "built-in storage"}
          </span>
          {repository.scope !== "native" && (
            <span className="ml-auto flex items-center gap-2">
              <span>
                {view.checkedAt ? (
                  <>
                    Checked <RelativeTime at={view.checkedAt} />
                  </>
                ) : (
                  "Not checked yet"
                )}
              </span>
              <Button variant="ghost" size="sm" busy={checking} onClick={check}>
                {!checking && <RefreshCw aria-hidden />}
                Check for updates
              </Button>
            </span>
          )}
        </footer>
        {repository.scope !== "native" && (
          <ConnectionTest
            className="border-t border-line px-4 py-3"
            slug={slug}
            repositoryId={repository.id}
            url={repository.url}
            workspace={workspace}
          />
        )}
      </section>

      {pull.error && dialog === null && (
        <ErrorPanel className="mb-5" title="Nothing was pulled" error={pull.error} />
      )}
      {operation && (
        <InlineOperation key={operation} id={operation} onWay={takeWay} onResolve={actions.onResolve} />
      )}
      {!operation && view.situation && (
        <SituationNotice
          situation={view.situation}
          mayUpdate={workspace.permissions.includes("update")}
          onWay={takeWay}
        />
      )}
      {workspace.writeLock === undefined && view.status === "diverged" && (
        <Notice className="mb-5" tone="info" icon={SearchCheck} title="Both sides have changed">
          Pull first: your changes are saved on {view.intermediateBranch} and merged with those of{" "}
          {view.targetBranch}. Then push.
        </Notice>
      )}

      <Differences
        id={DIFFERENCES}
        slug={slug}
        view={view}
        tab={tab ?? tabOf(view)}
        busy={busy}
        checking={checking}
        onTab={(next) => {
          onNavigate({ tab: next });
        }}
        onCheck={check}
        onPull={actions.onPull}
        onDiscard={actions.onDiscard}
      />

      <WayDialog
        way={dialog === "push" || dialog === "discard" ? null : dialog}
        slug={slug}
        view={view}
        busy={push.isPending || detach.isPending}
        error={push.error ?? detach.error}
        onClose={() => {
          setDialog(null);
        }}
        onConfirm={confirmWay}
      />
      <PushDialog
        open={dialog === "push"}
        onOpenChange={(open) => {
          setDialog(open ? "push" : null);
        }}
        slug={slug}
        view={view}
        busy={push.isPending}
        error={push.error}
        onPush={(input) => {
          setOperation(null);
          push.mutate({ ...input, repository: { id: repository.id } }, { onSuccess: started });
        }}
      />
      <DiscardDialog
        open={dialog === "discard"}
        onOpenChange={(open) => {
          setDialog(open ? "discard" : null);
        }}
        slug={slug}
        view={view}
        workspaceName={workspace.name}
        busy={pull.isPending}
        error={pull.error}
        onDiscard={() => {
          runPull(true);
        }}
      />
    </>
  );
}
