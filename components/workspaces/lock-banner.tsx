"use client";

import { usePathname } from "next/navigation";
import { useState } from "react";
import { Lock, LockOpen, TriangleAlert } from "lucide-react";
import { lockReason, type WriteLock } from "@/lib/domain/write-lock";
import { usePeople } from "@/lib/client/queries";
import { Button, ButtonLink } from "@/components/ui/button";
import { Notice } from "@/components/ui/states";
import { RelativeTime } from "@/components/ui/time";
import { ClearLockDialog } from "./lock-dialogs";

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
      title={conflict ? "This workspace is locked by a merge conflict" : "This workspace is locked"}
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
      Locked <RelativeTime at={lock.lockedAt} /> by {nameOf(lock.lockedBy, lock.lockedByName)}:{" "}
      {lockReason(lock.reason)}. Files can be read, not changed.
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
