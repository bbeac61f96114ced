"use client";

import { RefreshCw } from "lucide-react";
import type { RepositoryListing, SyncView, WorkspaceDetail } from "@/lib/domain/wire/api";
import { StatusBadge } from "@/components/workspaces/sync-badge";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/form/select";
import { RelativeTime } from "@/components/ui/time";
import { BranchDiagram } from "../branch-diagram";
import { ConnectionTest } from "../connection/connection-test";
import { SyncActions, type SyncActionsProps } from "./sync-actions";

interface RepositoryCardProps {
  slug: string;
  workspace: WorkspaceDetail;
  repository: RepositoryListing;
  repositories: RepositoryListing[];
  view: SyncView;
  actions: Omit<SyncActionsProps, "view" | "workspace">;
  isChecking: boolean;
  onCheck: () => void;
  onChoose: (repositoryId: string) => void;
}

/** The repository in question, the state of the workspace compared with it, and what to do next. */
export function RepositoryCard(props: RepositoryCardProps) {
  const { slug, workspace, repository, repositories, view, actions, onChoose } = props;
  const isNative = repository.scope === "native";
  return (
    <section aria-label="Repository" className="mb-5 rounded-lg border border-line bg-surface shadow-card">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-3">
        <RepositoryChoice chosen={repository.id} repositories={repositories} onChoose={onChoose} />
        <StatusBadge status={view.status} behind={view.behind ?? undefined} />
        {repository.mode !== "read-write" && <Badge tone="outline">{repository.mode}</Badge>}
        <div className="ml-auto flex flex-wrap items-center gap-2">
          <SyncActions view={view} workspace={workspace} {...actions} />
        </div>
      </div>
      {!isNative && (
        <div className="px-4 py-4">
          <BranchDiagram view={view} />
        </div>
      )}
      <footer className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line bg-sunken px-4 py-2 text-xs text-muted sm:rounded-b-lg">
        <span className="min-w-0 truncate font-mono">
          {repository.url ?? repository.dirpath ?? "built-in storage"}
        </span>
        {!isNative && <LastCheck {...props} />}
      </footer>
      {!isNative && (
        <ConnectionTest
          className="border-t border-line px-4 py-3"
          slug={slug}
          repositoryId={repository.id}
          url={repository.url}
          workspace={workspace}
        />
      )}
    </section>
  );
}

const SCOPES = { workspace: "This workspace's", platform: "Platform", native: "Built in" };

function RepositoryChoice({
  chosen,
  repositories,
  onChoose,
}: Pick<RepositoryCardProps, "repositories" | "onChoose"> & { chosen: string }) {
  return (
    <Select
      aria-label="Repository"
      className="max-w-full sm:max-w-72"
      value={chosen}
      onChange={(event) => {
        onChoose(event.currentTarget.value);
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
  );
}

function LastCheck({ view, isChecking, onCheck }: RepositoryCardProps) {
  return (
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
      <Button variant="ghost" size="sm" busy={isChecking} onClick={onCheck}>
        {!isChecking && <RefreshCw aria-hidden />}
        Check for updates
      </Button>
    </span>
  );
}
