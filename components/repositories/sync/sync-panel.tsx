"use client";

import { SearchCheck } from "lucide-react";
import type { RepositoryListing, SyncView, WorkspaceDetail } from "@/lib/domain/wire/api";
import { toApiError } from "@/lib/client/api";
import { useSync } from "@/lib/client/sync/use-sync";
import { ErrorPanel, Notice } from "@/components/ui/states";
import { Differences } from "../differences";
import { InlineOperation } from "../inline-operation";
import { SituationNotice } from "../ways/situation-notice";
import { RepositoryCard } from "./repository-card";
import { SyncDialogs } from "./sync-dialogs";
import { SyncSkeleton } from "./sync-skeleton";
import { useSyncCommands, type SyncCommands } from "./use-sync-commands";

interface SyncPanelProps {
  slug: string;
  workspace: WorkspaceDetail;
  repository: RepositoryListing;
  repositories: RepositoryListing[];
  tab: string | null;
  onNavigate: (part: { repository?: string; tab?: string }) => void;
}

function tabOf(view: SyncView): string {
  if (view.status === "conflict") return "conflicts";
  return view.changes.length === 0 && (view.updates?.length ?? 0) > 0 ? "updates" : "changes";
}

const DIFFERENCES = "differences";

/** The state of a workspace compared with one repository, with what to do and what differs. */
export function SyncPanel(props: SyncPanelProps) {
  const { slug, workspace, repository, repositories, tab, onNavigate } = props;
  const { view, error, refetch, isChecking, checkError, check } = useSync(slug, repository.id);
  const commands = useSyncCommands(slug, repository);
  if (!view) {
    if (!error) return <SyncSkeleton />;
    const title = `${repository.name} cannot be checked`;
    return <ErrorPanel title={title} error={toApiError(error)} onRetry={() => void refetch()} />;
  }

  const { take, busy } = commands;
  const onPull = () => {
    take("pull");
  };
  const onDiscard = () => {
    take("discard");
  };
  const onResolve = () => {
    onNavigate({ tab: "conflicts" });
    // The tab may be open already, below what is in view.
    document.getElementById(DIFFERENCES)?.scrollIntoView({ block: "start" });
  };
  const onPush = () => {
    take("push");
  };

  return (
    <>
      <RepositoryCard
        {...{ slug, workspace, repository, repositories, view, isChecking }}
        actions={{ busy, onPush, onPull, onDiscard, onResolve }}
        onCheck={check}
        onChoose={(id) => {
          onNavigate({ repository: id });
        }}
      />
      {view.origin && <p className="mb-5 text-sm text-soft">{view.origin}</p>}
      {checkError && (
        <ErrorPanel
          className="mb-5"
          title="The repository was not checked"
          error={checkError}
          onRetry={check}
        />
      )}
      <Outcome view={view} workspace={workspace} commands={commands} onResolve={onResolve} />
      <Differences
        {...{ slug, view, busy, onPull, onDiscard }}
        id={DIFFERENCES}
        tab={tab ?? tabOf(view)}
        checking={isChecking}
        onTab={(next) => {
          onNavigate({ tab: next });
        }}
        onCheck={check}
      />
      <SyncDialogs slug={slug} workspace={workspace} view={view} commands={commands} />
    </>
  );
}

interface OutcomeProps {
  view: SyncView;
  workspace: WorkspaceDetail;
  commands: SyncCommands;
  onResolve: () => void;
}

/** The result of the last push or pull, or what prevents the next one. */
function Outcome({ view, workspace, commands, onResolve }: OutcomeProps) {
  const { pull, dialog, operation, take } = commands;
  return (
    <>
      {pull.error && dialog === null && (
        <ErrorPanel className="mb-5" title="Nothing was pulled" error={pull.error} />
      )}
      {operation !== null ? (
        <InlineOperation key={operation} id={operation} onWay={take} onResolve={onResolve} />
      ) : (
        view.situation && (
          <SituationNotice
            situation={view.situation}
            mayUpdate={workspace.permissions.includes("update")}
            onWay={take}
          />
        )
      )}
      {workspace.writeLock === undefined && view.status === "diverged" && (
        <Notice className="mb-5" tone="info" icon={SearchCheck} title="Both sides have changed">
          Pull first: your changes are saved on {view.intermediateBranch} and merged with those of{" "}
          {view.targetBranch}. Then push.
        </Notice>
      )}
    </>
  );
}
