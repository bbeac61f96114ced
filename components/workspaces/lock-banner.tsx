"use client";

import { useState } from "react";
import { Lock, LockOpen, TriangleAlert } from "lucide-react";
import { toast } from "sonner";
import type { WriteLock } from "@/lib/domain/write-lock";
import { useClearLock } from "@/lib/client/mutations";
import { usePeople } from "@/lib/client/queries";
import { Button, ButtonLink } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field, Textarea } from "@/components/ui/field";
import { ErrorPanel, Notice } from "@/components/ui/states";
import { RelativeTime } from "@/components/ui/time";

const REASONS: Record<string, string> = {
  push_in_progress: "a push is in progress",
  pull_in_progress: "a pull is in progress",
  import_in_progress: "an import is in progress",
  bulk_in_progress: "a bulk operation is in progress",
  merge_conflict: "the last merge met a conflict",
  manual: "locked by hand",
};

/** A lock's reason in words; a reason that a person typed stays as typed. */
export function lockReason(reason: string): string {
  return REASONS[reason] ?? `“${reason}”`;
}

interface LockBannerProps {
  slug: string;
  name: string;
  lock: WriteLock;
  canClear: boolean;
}

/** Who holds the lock, why and since when, and the way out. */
export function LockBanner({ slug, name, lock, canClear }: LockBannerProps) {
  const nameOf = usePeople();
  const conflict = lock.reason === "merge_conflict";
  return (
    <Notice
      tone={conflict ? "danger" : "neutral"}
      icon={conflict ? TriangleAlert : Lock}
      title={conflict ? "A merge conflict holds this workspace" : "This workspace is locked"}
      action={
        <>
          {conflict && (
            <ButtonLink href={`/workspaces/${slug}/sync?tab=conflicts`} size="sm" variant="primary">
              Resolve…
            </ButtonLink>
          )}
          {canClear && <ClearLock slug={slug} name={name} lock={lock} />}
        </>
      }
    >
      Locked <RelativeTime at={lock.lockedAt} /> by {nameOf(lock.lockedBy)}: {lockReason(lock.reason)}. Files
      can be read, not changed.
    </Notice>
  );
}

function ClearLock({ slug, name, lock }: Omit<LockBannerProps, "canClear">) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const clear = useClearLock(slug);
  const working = lock.reason.endsWith("_in_progress");
  return (
    <>
      <Button
        size="sm"
        onClick={() => {
          setOpen(true);
        }}
      >
        <LockOpen aria-hidden />
        Clear lock…
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Clear the lock of ${name}?`}
        description={
          working
            ? "An operation is still working on this workspace. Without its lock it stops and writes nothing more."
            : "Edits, pushes and pulls are possible again. A conflict is not resolved by this: the next pull meets it again, unless it discards the changes made here."
        }
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            clear.mutate(
              { reason },
              {
                onSuccess: () => {
                  setOpen(false);
                  toast.success(`Lock of ${name} cleared`);
                },
              },
            );
          }}
        >
          <DialogBody className="flex flex-col gap-4">
            {clear.error && <ErrorPanel error={clear.error} title="The lock stays" />}
            <Field label="Reason" hint="Kept in the activity of the workspace.">
              {(control) => (
                <Textarea
                  {...control}
                  required
                  maxLength={500}
                  value={reason}
                  onChange={(event) => {
                    setReason(event.currentTarget.value);
                  }}
                />
              )}
            </Field>
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button>Keep the lock</Button>
            </DialogClose>
            <Button type="submit" variant="danger" disabled={reason.trim() === ""} busy={clear.isPending}>
              Clear lock
            </Button>
          </DialogFooter>
        </form>
      </Dialog>
    </>
  );
}
