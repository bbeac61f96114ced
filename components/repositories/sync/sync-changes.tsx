"use client";

import { CircleCheck, PencilLine } from "lucide-react";
import type { SyncView } from "@/lib/domain/wire/api";
import { useSyncFile } from "@/lib/client/queries";
import { EmptyState } from "@/components/ui/states";
import { ChangeList } from "../change-list";

/** What differs from a repository on one side: here, or there. */
export function SyncChanges({
  slug,
  view,
  side,
}: {
  slug: string;
  view: SyncView;
  side: "changes" | "updates";
}) {
  const changes = (side === "changes" ? view.changes : view.updates) ?? [];
  if (changes.length === 0) {
    return side === "changes" ? (
      <EmptyState icon={PencilLine} title="No local changes">
        The workspace matches the last push to or pull from {view.repository.name}.
      </EmptyState>
    ) : (
      <EmptyState icon={CircleCheck} title="Nothing to pull">
        {view.repository.name} has no changes to pull.
      </EmptyState>
    );
  }
  return (
    <ChangeList
      changes={changes}
      label={side === "changes" ? "Changes made here" : "Changes in the repository"}
      useSides={function useSides(path) {
        return useSyncFile(slug, view.repository.id, path, side);
      }}
    />
  );
}
