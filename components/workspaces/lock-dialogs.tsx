"use client";

import { useState, type ComponentProps } from "react";
import { toast } from "sonner";
import { useClearLock, useSetLock } from "@/lib/client/mutations";
import type { WriteLock } from "@/lib/domain/write-lock";
import { FormDialog } from "@/components/ui/form/form-dialog";
import { TextAreaField } from "@/components/ui/form/text-field";

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
      description="Nobody can change, push, pull, import or roll back this workspace until the lock is cleared. It expires by itself after the server's lock timeout, 30 minutes by default."
      hint="Shown to everyone who finds the workspace locked."
      failure="The workspace was not locked"
      error={lock.error}
      submit="Lock workspace"
      busy={lock.isPending}
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
    />
  );
}

/** What clearing a lock means, by what it is for. */
function consequence({ reason }: WriteLock): string {
  if (reason.endsWith("_in_progress"))
    return "An operation is still working on this workspace. Without its lock it stops and writes nothing more.";
  const open = "Edits, pushes and pulls are possible again.";
  return reason === "merge_conflict"
    ? `${open} This does not resolve the conflict: the next pull runs into it again, unless it discards local changes.`
    : open;
}

/** Clears a lock, no matter who holds it. */
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
      hint="Recorded in the workspace's activity."
      failure="The lock stays"
      error={clear.error}
      keep="Keep the lock"
      submit="Clear lock"
      danger
      busy={clear.isPending}
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
    />
  );
}

type ReasonDialogProps = Omit<ComponentProps<typeof FormDialog>, "onSubmit" | "children"> & {
  hint: string;
  onReason: (reason: string) => void;
};

function ReasonDialog({ hint, onReason, ...dialog }: ReasonDialogProps) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      {...dialog}
      onSubmit={() => {
        onReason(reason.trim());
      }}
    >
      <TextAreaField
        label="Reason"
        hint={hint}
        required
        maxLength={500}
        value={reason}
        onValueChange={setReason}
        onInput={({ currentTarget }) => {
          // Spaces alone are no reason, and the browser says so.
          const { value } = currentTarget;
          currentTarget.setCustomValidity(value !== "" && value.trim() === "" ? "Give a reason." : "");
        }}
      />
    </FormDialog>
  );
}
