"use client";

import type { SyncView } from "@/lib/domain/wire/api";
import type { ApiError } from "@/lib/client/api";
import { count } from "@/lib/client/format";
import { useProductionCheck } from "@/components/workspaces/production-check";
import { ChangeNames, summariseChanges } from "../change-names";
import { FormDialog } from "@/components/ui/form/form-dialog";

interface DiscardDialogProps {
  onClose: () => void;
  view: SyncView;
  slug: string;
  workspaceName: string;
  busy: boolean;
  error: ApiError | null;
  onDiscard: () => void;
}

/** Names what a discarding pull will lose. */
export function DiscardDialog({
  onClose,
  view,
  slug,
  workspaceName,
  busy,
  error,
  onDiscard,
}: DiscardDialogProps) {
  const production = useProductionCheck(slug);
  const amount = count(view.changes.length, "local change");
  return (
    <FormDialog
      onClose={onClose}
      title={`Discard ${amount} in ${workspaceName}?`}
      description={`The workspace will match branch ${view.targetBranch} of ${view.repository.name}. A snapshot is saved first, so you can roll back.`}
      submit={`Discard ${amount}`}
      onSubmit={onDiscard}
      danger
      keep="Keep my changes"
      disabled={!production.passed}
      busy={busy}
      error={error}
      failure="Nothing was discarded"
      // What will be lost is read first.
      focusesField={false}
    >
      {view.changes.length > 0 && (
        <ChangeNames title={`Will be lost: ${summariseChanges(view.changes)}`} changes={view.changes} />
      )}
      {production.field}
    </FormDialog>
  );
}
