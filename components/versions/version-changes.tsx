"use client";

import { CircleCheck } from "lucide-react";
import type { Version } from "@/lib/domain/version";
import { toApiError } from "@/lib/client/api";
import { shortCommit } from "@/lib/client/format";
import { useVersionChanges, useVersionFile } from "@/lib/client/queries";
import { ChangeList } from "@/components/repositories/change-list";
import { EmptyState, ErrorPanel, SkeletonRows } from "@/components/ui/states";

interface VersionChangesProps {
  slug: string;
  version: Version;
  label: string;
}

/** What would have to change here for the workspace to be what it was in a version. */
export function VersionChanges({ slug, version, label }: VersionChangesProps) {
  const { data, error, refetch } = useVersionChanges(slug, version.name, version.repository.id, true);
  if (error && !data) {
    return (
      <ErrorPanel
        title="The changes cannot be shown"
        error={toApiError(error)}
        onRetry={() => void refetch()}
      />
    );
  }
  if (!data) return <SkeletonRows rows={4} height={40} label="Comparing" />;
  if (data.changes.length === 0) {
    return (
      <EmptyState icon={CircleCheck} title="Nothing differs" className="py-8">
        The workspace is identical to {shortCommit(version.name)}.
      </EmptyState>
    );
  }
  return (
    <ChangeList
      label={label}
      changes={data.changes}
      useSides={function useSides(path) {
        return useVersionFile(slug, version.name, version.repository.id, path);
      }}
    />
  );
}
