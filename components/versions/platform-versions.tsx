"use client";

import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { Database } from "lucide-react";
import type { OperationKind } from "@/lib/domain/operation";
import { toApiError, withQuery } from "@/lib/client/api";
import { useOperations, usePlatform, useWorkspace } from "@/lib/client/queries";
import { OperationItem } from "@/components/operations/operation-list";
import { LockBanner } from "@/components/workspaces/lock-banner";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState, ErrorPanel, Skeleton } from "@/components/ui/states";
import { Card, CardHeader } from "@/components/ui/text";
import { Tab, TabList, TabPanel, Tabs } from "@/components/ui/tabs";
import { BulkImportPanel } from "./bulk/bulk-import-panel";
import { BulkPushPanel } from "./bulk/bulk-push-panel";

/** Bulk push and bulk import: choose, plan, run. */
export function PlatformVersions() {
  const router = useRouter();
  const mode = useSearchParams().get("do") === "import" ? "import" : "push";
  const platform = usePlatform();
  const { data: workspace } = useWorkspace("platform");
  if (platform.error && !platform.data) {
    return <ErrorPanel error={toApiError(platform.error)} onRetry={() => void platform.refetch()} />;
  }
  if (!platform.data) return <Skeleton className="h-96 rounded-lg" />;
  if (platform.data.repositories.length === 0) {
    return (
      <EmptyState
        icon={Database}
        title="No platform repository to push to or import from"
        action={<ButtonLink href="/platform/repositories">How to configure one</ButtonLink>}
      >
        Bulk operations need a platform repository, set in the server&apos;s environment.
      </EmptyState>
    );
  }
  return (
    <>
      {workspace?.writeLock && (
        <div className="mb-5">
          <LockBanner
            slug="platform"
            name="the platform"
            lock={workspace.writeLock}
            canClear={workspace.permissions.includes("manage_security")}
          />
        </div>
      )}
      <Tabs
        value={mode}
        onValueChange={(next) => {
          router.replace(withQuery("/platform", { do: next === "import" ? "import" : undefined }), {
            scroll: false,
          });
        }}
      >
        <TabList
          aria-label="Direction"
          className="mb-5 w-fit !gap-1 !rounded-md !border-b-0 bg-active p-1 [&>button]:m-0! [&>button]:h-7 [&>button]:border-0 [&>button]:px-3 [&>button[data-state=active]]:bg-surface [&>button[data-state=active]]:shadow-card"
        >
          <Tab value="push">Push to a repository</Tab>
          <Tab value="import">Import from a repository</Tab>
        </TabList>
        <TabPanel value="push" tabIndex={-1}>
          <BulkPushPanel platform={platform.data} />
          <Latest kind="bulkPush" title="Latest bulk pushes" />
        </TabPanel>
        <TabPanel value="import" tabIndex={-1}>
          <BulkImportPanel platform={platform.data} />
          <Latest kind="bulkImport" title="Latest bulk imports" />
        </TabPanel>
      </Tabs>
    </>
  );
}

/** What was run last, so that who comes next sees what was promoted, by whom and how it went. */
function Latest({ kind, title }: { kind: OperationKind; title: string }) {
  const { data = [] } = useOperations({ kind, limit: 5 });
  if (data.length === 0) return null;
  return (
    <Card aria-label={title} className="mt-5">
      <CardHeader title={title}>
        <Link
          href={`/operations?kind=${kind}`}
          className="rounded-sm py-1 text-xs text-accent hover:underline"
        >
          Show all
        </Link>
      </CardHeader>
      <ul>
        {data.map((operation) => (
          <OperationItem key={operation.id} operation={operation} />
        ))}
      </ul>
    </Card>
  );
}
