"use client";

import { useRouter, useSearchParams } from "next/navigation";
import { toApiError, withQuery } from "@/lib/client/api";
import { useRepositories, useWorkspace } from "@/lib/client/queries";
import { ButtonLink } from "@/components/ui/button";
import { ErrorPanel, EmptyState } from "@/components/ui/states";
import { GitBranch } from "lucide-react";
import { SyncPanel } from "./sync-panel";
import { SyncSkeleton } from "./sync-skeleton";

/** The state of a workspace compared with one of its repositories, and what to do about it. */
export function SyncPage({ slug }: { slug: string }) {
  const router = useRouter();
  const params = useSearchParams();
  const repositories = useRepositories(slug);
  const { data: workspace } = useWorkspace(slug);

  if (repositories.error && !repositories.data) {
    return <ErrorPanel error={toApiError(repositories.error)} onRetry={() => void repositories.refetch()} />;
  }
  if (!repositories.data || !workspace) return <SyncSkeleton />;
  const last = (workspace.lastPush ?? workspace.lastPull)?.repositoryId;
  const known = repositories.data.filter(({ type }) => type !== "archive");
  const find = (id: string | null | undefined) => known.find((repository) => repository.id === id);
  const repository =
    find(params.get("repository")) ?? find(last) ?? known.find(({ scope }) => scope !== "native") ?? known[0];
  if (!repository) {
    return (
      <EmptyState
        icon={GitBranch}
        title="No repository"
        action={<ButtonLink href={`/workspaces/${slug}?file=index.yml`}>Open index.yml</ButtonLink>}
      >
        Add one under “repositories” in index.yml, or have the administrator configure a platform repository.
      </EmptyState>
    );
  }
  return (
    <SyncPanel
      key={repository.id}
      slug={slug}
      workspace={workspace}
      repository={repository}
      repositories={known}
      tab={params.get("tab")}
      onNavigate={(part) => {
        router.replace(
          withQuery(`/workspaces/${slug}/sync`, {
            repository: repository.id,
            tab: params.get("tab") ?? undefined,
            ...part,
          }),
          { scroll: false },
        );
      }}
    />
  );
}
