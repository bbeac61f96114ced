"use client";

import type { Version } from "@/lib/domain/version";
import { shortCommit } from "@/lib/client/format";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { VersionChanges } from "./version-changes";

interface CompareDialogProps {
  slug: string;
  workspaceName: string;
  version: Version;
  onClose: () => void;
}

/** A version beside what the workspace holds now, for anyone who may read it; changes nothing. */
export function CompareDialog({ slug, workspaceName, version, onClose }: CompareDialogProps) {
  const name = shortCommit(version.name);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      width="lg"
      title={`${name} compared with now`}
      description={`Changes from the current ${workspaceName} to ${name}: content that only the version has counts as added, content added later as deleted.`}
    >
      <DialogBody>
        <VersionChanges slug={slug} version={version} label="What differs" />
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Close</Button>
        </DialogClose>
      </DialogFooter>
    </Dialog>
  );
}
