"use client";

import type { SyncView } from "@/lib/domain/wire/api";
import type { ApiError } from "@/lib/client/api";
import { count } from "@/lib/client/format";
import { useProductionCheck } from "@/components/workspaces/production-check";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { ErrorPanel } from "@/components/ui/states";
import { summariseChanges } from "./change-list";

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

const SHOWN = 12;

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
          <div className="rounded-md border border-line bg-sunken px-3 py-2.5">
            <p className="mb-1.5 text-xs font-medium">Will be lost: {summariseChanges(view.changes)}</p>
            <ul className="font-mono text-xs leading-5 text-soft">
              {view.changes.slice(0, SHOWN).map(({ path, kind }) => (
                <li key={path} className="flex gap-2">
                  <span className="min-w-0 truncate">{path}</span>
                  <span className="font-sans text-muted">{kind === "modified" ? "changed" : kind}</span>
                </li>
              ))}
            </ul>
            {view.changes.length > SHOWN && (
              <p className="mt-1 text-xs text-muted">and {view.changes.length - SHOWN} more</p>
            )}
          </div>
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
