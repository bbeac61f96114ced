"use client";

import { useState, type FormEvent, type ReactNode } from "react";
import { toast } from "sonner";
import type { ApiError } from "@/lib/client/api";
import { useClearLock, useSetLock } from "@/lib/client/mutations";
import type { WriteLock } from "@/lib/domain/write-lock";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field, Textarea } from "@/components/ui/field";
import { ErrorPanel } from "@/components/ui/states";

interface Workspace {
  slug: string;
  name: string;
}

/** Locks a workspace by hand. */
export function LockDialog({ workspace, onClose }: { workspace: Workspace; onClose: () => void }) {
  const lock = useSetLock(workspace.slug);
  return (
    <ReasonDialog
      title={`Lock ${workspace.name}?`}
      description="Nobody can change, push, pull, import or roll back this workspace until the lock is cleared. It ends by itself when the server's time for locks is over, 30 minutes unless it was set otherwise."
      hint="Everybody who meets the lock is shown it."
      failure="The workspace was not locked"
      error={lock.error}
      keep="Cancel"
      onClose={onClose}
      onReason={(reason) => {
        lock.mutate(
          { reason },
          {
            onSuccess: () => {
              toast.success(`${workspace.name} is locked`);
              onClose();
            },
          },
        );
      }}
    >
      <Button type="submit" variant="primary" busy={lock.isPending}>
        Lock workspace
      </Button>
    </ReasonDialog>
  );
}

/** What clearing a lock means, by what it is for. */
function consequence({ reason }: WriteLock): string {
  if (reason.endsWith("_in_progress"))
    return "An operation is still working on this workspace. Without its lock it stops and writes nothing more.";
  const open = "Edits, pushes and pulls are possible again.";
  return reason === "merge_conflict"
    ? `${open} A conflict is not resolved by this: the next pull meets it again, unless it discards the changes made here.`
    : open;
}

/** Takes a lock away, whoever holds it. */
export function ClearLockDialog({
  workspace,
  lock,
  onClose,
}: {
  workspace: Workspace;
  lock: WriteLock;
  onClose: () => void;
}) {
  const clear = useClearLock(workspace.slug);
  return (
    <ReasonDialog
      title={`Clear the lock of ${workspace.name}?`}
      description={consequence(lock)}
      hint="Kept in the activity of the workspace."
      failure="The lock stays"
      error={clear.error}
      keep="Keep the lock"
      onClose={onClose}
      onReason={(reason) => {
        clear.mutate(
          { reason },
          {
            onSuccess: () => {
              toast.success(`Lock of ${workspace.name} cleared`);
              onClose();
            },
          },
        );
      }}
    >
      <Button type="submit" variant="danger" busy={clear.isPending}>
        Clear lock
      </Button>
    </ReasonDialog>
  );
}

interface ReasonDialogProps {
  title: string;
  description: string;
  hint: string;
  failure: string;
  error: ApiError | null;
  keep: string;
  onClose: () => void;
  onReason: (reason: string) => void;
  /** The button that submits. */
  children: ReactNode;
}

function ReasonDialog(props: ReasonDialogProps) {
  const { title, description, hint, failure, error, keep, onClose, onReason, children } = props;
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onReason(reason.trim());
  };
  return (
    <Dialog open onOpenChange={onClose} title={title} description={description}>
      <form onSubmit={submit}>
        <DialogBody className="flex flex-col gap-4">
          {error && <ErrorPanel error={error} title={failure} />}
          <Field label="Reason" hint={hint}>
            {(control) => (
              <Textarea
                {...control}
                autoFocus
                required
                maxLength={500}
                value={reason}
                onChange={({ currentTarget }) => {
                  // Spaces alone are no reason, and the browser says so.
                  currentTarget.setCustomValidity(
                    currentTarget.value !== "" && currentTarget.value.trim() === "" ? "Give a reason." : "",
                  );
                  setReason(currentTarget.value);
                }}
              />
            )}
          </Field>
        </DialogBody>
        <DialogFooter>
          <DialogClose asChild>
            <Button>{keep}</Button>
          </DialogClose>
          {children}
        </DialogFooter>
      </form>
    </Dialog>
  );
}
