"use client";

import { Database, FolderGit2, GitBranch, HardDrive } from "lucide-react";
import { toApiError } from "@/lib/client/api";
import { usePlatform } from "@/lib/client/queries";
import { Badge } from "@/components/ui/badge";
import { EmptyState, ErrorPanel, Skeleton } from "@/components/ui/states";
import { Card, Commands, Mono } from "@/components/ui/text";
import { ConnectionTest } from "./connection/connection-test";

const EXAMPLE = [
  "WORKSPACES_STORAGE_GIT_PLATFORM_main_NAME=Releases",
  "WORKSPACES_STORAGE_GIT_PLATFORM_main_URL=https://git.example.com/releases.git",
  "WORKSPACES_STORAGE_GIT_PLATFORM_main_AUTH_PASSWORD=…",
];

/** The platform repositories as the environment configures them. */
export function RepositoriesPanel() {
  const { data, error, refetch } = usePlatform();
  if (error && !data) return <ErrorPanel error={toApiError(error)} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-40 rounded-lg" />;
  if (data.repositories.length === 0) {
    return (
      <Card>
        <EmptyState icon={Database} title="No platform repository">
          <p>Set these variables and start the server again.</p>
          <Commands lines={EXAMPLE} className="mt-4 text-left" />
        </EmptyState>
      </Card>
    );
  }
  return (
    <>
      <ul className="grid gap-4 lg:grid-cols-2">
        {data.repositories.map(({ id, name, type, mode, branch, location, groups }) => {
          const Icon = type === "filesystem" ? HardDrive : FolderGit2;
          return (
            <li key={id}>
              <Card className="flex h-full flex-col gap-3 p-4">
                <div className=" flex flex-wrap items-center gap-2">
                  <Icon aria-hidden className="size-4 text-muted" />
                  <h2 className="font-semibold">{name}</h2>
                  <Mono className="text-muted">{id}</Mono>
                  <Badge className="ml-auto" tone={mode === "read-write" ? "success" : "neutral"}>
                    {mode}
                  </Badge>
                </div>
                <dl className="grid grid-cols-[6rem_1fr] gap-y-1.5 text-sm [&_dd]:min-w-0 [&_dd]:break-words [&_dt]:text-muted">
                  <dt>Location</dt>
                  <dd>
                    <Mono>{location}</Mono>
                  </dd>
                  {type === "git" && (
                    <>
                      <dt>Branch</dt>
                      <dd className="flex items-center gap-1.5">
                        <GitBranch aria-hidden className="size-3.5 text-muted" />
                        <Mono>{branch}</Mono>
                      </dd>
                    </>
                  )}
                  <dt>Type</dt>
                  <dd>{type === "filesystem" ? "Directory on the server" : "Git"}</dd>
                  {groups.length > 0 && (
                    <>
                      <dt>Groups</dt>
                      <dd>{groups.join(", ")}</dd>
                    </>
                  )}
                </dl>
                <ConnectionTest
                  className="mt-auto border-t border-line pt-3"
                  slug="platform"
                  repositoryId={id}
                  url={type === "git" ? location : undefined}
                />
              </Card>
            </li>
          );
        })}
      </ul>
      <p className="mt-4 text-xs text-muted">
        Configured by WORKSPACES_STORAGE_GIT_PLATFORM_* in the environment of the server; credentials are
        never shown.
      </p>
    </>
  );
}
