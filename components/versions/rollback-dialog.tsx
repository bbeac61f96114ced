"use client";

import { useState, type FormEvent } from "react";
import type { Version } from "@/lib/domain/version";
import { shortCommit } from "@/lib/client/format";
import { useRollback } from "@/lib/client/mutations";
import { useVersionChanges } from "@/lib/client/queries";
import { trackOperation } from "@/components/operations/notice-store";
import { useProductionCheck } from "@/components/workspaces/production-check";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field, Textarea } from "@/components/ui/field";
import { ErrorPanel } from "@/components/ui/states";
import { VersionChanges } from "./version-changes";

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

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!production.passed) return;
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
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      width="lg"
      title={`Roll back ${workspaceName} to ${shortCommit(version.name)}`}
      description="The present state is saved as a snapshot first, so this rollback can itself be rolled back."
    >
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <DialogBody className="flex flex-col gap-4">
          {rollback.error && <ErrorPanel error={rollback.error} title="Nothing was rolled back" />}
          <VersionChanges slug={slug} version={version} label="What the rollback changes" />
          <Field label="Reason" optional hint="Shown to everyone in the versions and the activity.">
            {(control) => (
              <Textarea
                {...control}
                maxLength={500}
                placeholder="Broken login after the last release"
                value={reason}
                onChange={(event) => {
                  setReason(event.currentTarget.value);
                }}
              />
            )}
          </Field>
          {production.field}
        </DialogBody>
        <DialogFooter>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button
            type="submit"
            variant="danger"
            busy={rollback.isPending}
            disabled={changes?.length === 0 || !production.passed}
          >
            Roll back
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
