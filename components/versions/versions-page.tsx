"use client";

import { useState } from "react";
import { History } from "lucide-react";
import { NATIVE_REPOSITORY_ID } from "@/lib/domain/repository";
import type { WorkspaceDetail } from "@/lib/domain/wire/api";
import type { Event } from "@/lib/domain/event";
import type { Version } from "@/lib/domain/version";
import { toApiError } from "@/lib/client/api";
import { useVersions, useWorkspace } from "@/lib/client/queries";
import { versionRepository } from "@/components/activity/describe-event";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState, ErrorPanel, SkeletonRows } from "@/components/ui/states";
import { CompareDialog } from "./compare-dialog";
import { RolledBackNotice, useLatestRollback, versionOf } from "./rolled-back-notice";
import { RollbackDialog } from "./rollback-dialog";
import { VersionRow } from "./version-row";

const keyOf = (version: Version) => `${version.repository.id}/${version.name}`;

/** The version a workspace stands on: that of its latest push or pull. */
function currentKey({ lastPush, lastPull }: WorkspaceDetail): string | undefined {
  const [latest] = [lastPush, lastPull]
    .filter((record) => record !== undefined)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  return latest && `${latest.repositoryId}/${latest.version}`;
}

function rolledBackKey({ payload }: Event): string {
  const repository = versionRepository({ payload }) ?? NATIVE_REPOSITORY_ID;
  return `${repository}/${versionOf(payload)}`;
}

/** The history of a workspace; any entry is one click away from being the present again. */
export function VersionsPage({ slug }: { slug: string }) {
  const { data: workspace } = useWorkspace(slug);
  const versions = useVersions(slug);
  const [chosen, setChosen] = useState<Version | null>(null);
  const [compared, setCompared] = useState<Version | null>(null);
  const rollback = useLatestRollback(slug, workspace);
  const current = rollback ? rolledBackKey(rollback) : workspace && currentKey(workspace);
  const mayRollBack = workspace?.permissions.includes("update") ?? false;
  const isLocked = workspace?.writeLock !== undefined;

  if (versions.error && !versions.data) {
    return <ErrorPanel error={toApiError(versions.error)} onRetry={() => void versions.refetch()} />;
  }
  return (
    <>
      {rollback && <RolledBackNotice event={rollback} isDirty={workspace?.dirty ?? false} />}
      <section
        aria-label="Versions"
        className="overflow-hidden rounded-lg border border-line bg-surface shadow-card"
      >
        {!versions.data ? (
          <SkeletonRows rows={5} height={60} label="Loading the versions" />
        ) : versions.data.length === 0 ? (
          <EmptyState
            icon={History}
            title="No versions yet"
            action={
              <ButtonLink variant="primary" href={`/workspaces/${slug}/sync`}>
                Go to Sync
              </ButtonLink>
            }
          >
            Every push creates a version, and so does “Save a version” of the built-in repository. Each can be
            rolled back to.
          </EmptyState>
        ) : (
          <ul>
            {versions.data.map((version) => (
              <VersionRow
                key={keyOf(version)}
                slug={slug}
                version={version}
                isCurrent={keyOf(version) === current}
                isDirty={workspace?.dirty ?? false}
                isRolledBack={rollback !== null}
                mayRollBack={mayRollBack}
                isLocked={isLocked}
                onCompare={() => {
                  setCompared(version);
                }}
                onRollBack={() => {
                  setChosen(version);
                }}
              />
            ))}
          </ul>
        )}
      </section>
      {compared && workspace && (
        <CompareDialog
          slug={slug}
          workspaceName={workspace.name}
          version={compared}
          onClose={() => {
            setCompared(null);
          }}
        />
      )}
      {chosen && workspace && (
        <RollbackDialog
          slug={slug}
          workspaceName={workspace.name}
          version={chosen}
          onClose={() => {
            setChosen(null);
          }}
        />
      )}
    </>
  );
}
