"use client";

import { useState } from "react";
import type { Version } from "@/lib/domain/version";
import { shortCommit } from "@/lib/client/format";
import { useRollback } from "@/lib/client/mutations";
import { useVersionChanges } from "@/lib/client/queries";
import { trackOperation } from "@/components/operations/notice-store";
import { useProductionCheck } from "@/components/workspaces/production-check";
import { VersionChanges } from "./version-changes";
import { FormDialog } from "@/components/ui/form/form-dialog";
import { TextAreaField } from "@/components/ui/form/text-field";

interface RollbackDialogProps {
  slug: string;
  workspaceName: string;
  version: Version;
  onClose: () => void;
}

/** Shows what a rollback would change, asks for a reason, and starts it. */
export function RollbackDialog({ slug, workspaceName, version, onClose }: RollbackDialogProps) {
  const [reason, setReason] = useState("");
  const rollback = useRollback(slug);
  const preview = useVersionChanges(slug, version.name, version.repository.id, true);
  const production = useProductionCheck(slug);
  const changes = preview.data?.changes;

  function submit(): void {
    rollback.mutate(
      {
        version: version.name,
        repository: version.repository,
        ...(reason.trim() ? { reason: reason.trim() } : {}),
      },
      {
        onSuccess: (id) => {
          trackOperation(id);
          onClose();
        },
      },
    );
  }

  return (
    <FormDialog
      onClose={onClose}
      width="lg"
      title={`Roll back ${workspaceName} to ${shortCommit(version.name)}`}
      description="A snapshot is saved first, so you can undo this rollback."
      submit="Roll back"
      onSubmit={submit}
      danger
      busy={rollback.isPending}
      disabled={changes?.length === 0 || !production.passed}
      error={rollback.error}
      failure="Nothing was rolled back"
      // The fields lie below what the rollback changes, which is read first.
      focusesField={false}
    >
      <VersionChanges slug={slug} version={version} label="What the rollback changes" />
      <TextAreaField
        label="Reason"
        optional
        hint="Everyone can see it in the versions and the activity."
        maxLength={500}
        placeholder="Broken login after the last release"
        value={reason}
        onValueChange={setReason}
      />
      {production.field}
    </FormDialog>
  );
}
