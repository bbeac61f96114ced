"use client";

import type { SyncView } from "@/lib/domain/wire/api";
import type { ApiError } from "@/lib/client/api";
import { count } from "@/lib/client/format";
import { useProductionCheck } from "@/components/workspaces/production-check";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { ErrorPanel } from "@/components/ui/states";
import { ChangeNames, summariseChanges } from "./change-list";

interface DiscardDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  view: SyncView;
  slug: string;
  workspaceName: string;
  busy: boolean;
  error: ApiError | null;
  onDiscard: () => void;
}

/** Names what a discarding pull will lose. */
export function DiscardDialog({
  open,
  onOpenChange,
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
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Discard ${amount} in ${workspaceName}?`}
      description={`The workspace becomes what branch ${view.targetBranch} of ${view.repository.name} holds. A snapshot of the present state is saved first and can be rolled back to.`}
    >
      <DialogBody className="flex flex-col gap-3">
        {error && <ErrorPanel error={error} title="Nothing was discarded" />}
        {view.changes.length > 0 && (
          <ChangeNames title={`Will be lost: ${summariseChanges(view.changes)}`} changes={view.changes} />
        )}
        {production.field}
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Keep my changes</Button>
        </DialogClose>
        <Button variant="danger" disabled={!production.passed} busy={busy} onClick={onDiscard}>
          Discard {amount}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
