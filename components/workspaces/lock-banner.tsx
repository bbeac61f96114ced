"use client";

import { own } from "@/lib/domain/own";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { Lock, LockOpen, TriangleAlert } from "lucide-react";
import type { WriteLock } from "@/lib/domain/write-lock";
import { usePeople } from "@/lib/client/queries";
import { Button, ButtonLink } from "@/components/ui/button";
import { Notice } from "@/components/ui/states";
import { RelativeTime } from "@/components/ui/time";
import { ClearLockDialog } from "./lock-dialogs";

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
  return own(REASONS, reason) ?? `“${reason}”`;
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
  // The Sync page has this button itself.
  const isThere = usePathname() === `/workspaces/${slug}/sync`;
  return (
    <Notice
      tone={conflict ? "danger" : "neutral"}
      icon={conflict ? TriangleAlert : Lock}
      title={conflict ? "A merge conflict holds this workspace" : "This workspace is locked"}
      action={
        <>
          {conflict && !isThere && (
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
      {open && (
        <ClearLockDialog
          workspace={{ slug, name }}
          lock={lock}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </>
  );
}
