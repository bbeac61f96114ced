"use client";

import { PlugZap } from "lucide-react";
import { sshServerOf, useConnectionTest } from "@/lib/client/connection";
import type { WorkspaceDetail } from "@/lib/domain/wire/api";
import { cn } from "@/lib/client/cn";
import { Button } from "@/components/ui/button";
import { ErrorPanel } from "@/components/ui/states";
import { NewAddress } from "./new-address";
import { HostKey } from "./host-key";
import { Report } from "./report";

interface ConnectionTestProps {
  slug: string;
  repositoryId: string;
  /** Of the remote; decides whether there is a host key to show. */
  url?: string | undefined;
  /** Whose repository it is, unless it is the platform's. */
  workspace?: WorkspaceDetail;
  className?: string;
}

/** A button that tries every step of using a repository, and what came of it. */
export function ConnectionTest({ slug, repositoryId, url, workspace, className }: ConnectionTestProps) {
  const test = useConnectionTest(slug, repositoryId);
  const server = sshServerOf(url);
  return (
    <div className={cn("flex flex-col gap-3", className)}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button
          size="sm"
          busy={test.isPending}
          onClick={() => {
            test.mutate();
          }}
        >
          {!test.isPending && <PlugZap aria-hidden />}
          Test connection
        </Button>
        {server && <HostKey server={server} />}
      </div>
      <div role="status" className="empty:hidden">
        {test.data && (
          <Report
            report={test.data}
            moved={(newUrl) =>
              workspace && (
                <NewAddress
                  workspace={workspace}
                  repositoryId={repositoryId}
                  url={newUrl}
                  onChanged={() => {
                    test.mutate();
                  }}
                />
              )
            }
          />
        )}
      </div>
      {test.error && <ErrorPanel title="The connection was not tested" error={test.error} />}
    </div>
  );
}
