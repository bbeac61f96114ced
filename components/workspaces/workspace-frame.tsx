"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { FileCode2, GitCompareArrows, History, Activity, Settings } from "lucide-react";
import { toApiError } from "@/lib/client/api";
import { localized } from "@/lib/client/format";
import { useWorkspace } from "@/lib/client/queries";
import { WorkspaceMenu } from "@/components/archives/workspace-menu";
import { Breadcrumb, Page } from "@/components/shell/page";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { ErrorPanel, Skeleton } from "@/components/ui/states";
import { TabLink, TabNav } from "@/components/ui/tabs";
import { CopyButton } from "@/components/ui/text";
import { LockBanner } from "./lock-banner";
import { SyncBadge } from "./sync-badge";

const TABS = [
  { part: "", label: "Files", icon: FileCode2 },
  { part: "/sync", label: "Sync", icon: GitCompareArrows },
  { part: "/versions", label: "Versions", icon: History },
  { part: "/activity", label: "Activity", icon: Activity },
  { part: "/settings", label: "Settings", icon: Settings },
];

/** The header that all pages of a workspace share: name, state, lock, tabs. */
export function WorkspaceFrame({ slug, children }: { slug: string; children: ReactNode }) {
  const path = usePathname();
  const { data: workspace, error, refetch } = useWorkspace(slug);
  const base = `/workspaces/${slug}`;
  const description = localized(workspace?.description);

  if (error && !workspace) {
    const problem = toApiError(error);
    return (
      <Page>
        <h1 className="sr-only">Workspace {slug}</h1>
        <ErrorPanel
          title={problem.code === "NotFound" ? `No workspace “${slug}”` : "The workspace cannot be shown"}
          error={problem}
          {...(problem.code === "NotFound" ? {} : { onRetry: () => void refetch() })}
          action={<ButtonLink href="/">Back to the fleet</ButtonLink>}
        />
      </Page>
    );
  }
  return (
    <Page>
      <Breadcrumb href="/" list="Fleet">
        <span className="font-mono">{slug}</span>
      </Breadcrumb>
      <header className="mb-4">
        {workspace ? (
          <>
            <div className="flex items-start gap-x-3">
              <div className="flex min-h-8 min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1.5">
                <h1 dir="auto" className="min-w-0 text-xl font-semibold tracking-tight break-words">
                  {workspace.name}
                </h1>
                <SyncBadge workspace={workspace} />
                {workspace.app && <Badge tone="outline">app {workspace.app.slug}</Badge>}
                {workspace.groups.map((group) => (
                  <Badge key={group} tone="outline">
                    {group}
                  </Badge>
                ))}
              </div>
              <WorkspaceMenu workspace={workspace} />
            </div>
            <p className="mt-1 flex flex-wrap items-center gap-x-2 text-muted">
              {description && (
                <span dir="auto" title={description} className="line-clamp-2 max-w-3xl text-pretty">
                  {description}
                </span>
              )}
              <span className="inline-flex items-center">
                <span className="font-mono text-xs">{workspace.id}</span>
                <CopyButton
                  value={workspace.id}
                  label="Copy the workspace's id"
                  className="size-6! [&_svg]:size-3.5!"
                />
              </span>
            </p>
          </>
        ) : (
          <>
            <Skeleton className="h-7 w-64" />
            <Skeleton className="mt-2.5 mb-1.5 h-4 w-96 max-w-full" />
          </>
        )}
      </header>
      {workspace?.writeLock && (
        <div className="mb-4">
          <LockBanner
            slug={slug}
            name={workspace.name}
            lock={workspace.writeLock}
            canClear={workspace.permissions.includes("manage_security")}
          />
        </div>
      )}
      <TabNav label="Workspace" className="mb-5">
        {TABS.map(({ part, label, icon: Icon }) => (
          <TabLink key={part} href={base + part} current={path === base + part}>
            <Icon aria-hidden className="hidden size-4 sm:block" />
            {label}
          </TabLink>
        ))}
      </TabNav>
      {children}
    </Page>
  );
}
