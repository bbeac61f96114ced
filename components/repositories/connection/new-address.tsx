"use client";

import { own } from "@/lib/domain/own";
import { toast } from "sonner";
import { usePatchWorkspace } from "@/lib/client/settings/settings";
import type { WorkspaceDetail } from "@/lib/domain/wire/api";
import { Button } from "@/components/ui/button";
import { ErrorPanel } from "@/components/ui/states";

interface NewAddressProps {
  workspace: WorkspaceDetail;
  repositoryId: string;
  /** Where the repository has moved to. */
  url: string;
  onChanged: () => void;
}

/** Sets the URL of a workspace's own repository to its new address, for those who may; others see nothing. */
export function NewAddress({ workspace, repositoryId, url, onChanged }: NewAddressProps) {
  const patch = usePatchWorkspace(workspace.slug);
  const { repositories, permissions } = workspace;
  const repository = own(repositories, repositoryId);
  if (!repository || !permissions.includes("manage_repositories")) return null;
  const change = () => {
    const config = { ...(repository.config as object), url };
    patch.mutate(
      { repositories: { ...repositories, [repositoryId]: { ...repository, config } } },
      {
        onSuccess: () => {
          toast.success("The repository’s URL was changed");
          onChanged();
        },
      },
    );
  };
  return (
    <>
      <Button size="sm" className="mt-1.5" busy={patch.isPending} onClick={change}>
        Use the new address
      </Button>
      {patch.error && <ErrorPanel className="mt-2" title="The URL was not changed" error={patch.error} />}
    </>
  );
}
