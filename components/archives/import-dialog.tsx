"use client";

import { useState } from "react";
import { useImportArchive } from "@/lib/client/archives";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Checkbox } from "@/components/ui/field";
import { ErrorPanel } from "@/components/ui/states";
import { DropZone } from "./drop-zone";
import { ImportResult } from "./import-result";

interface ImportDialogProps {
  /** Into this workspace; without one the archive becomes a new workspace, or several. */
  workspace?: { slug: string; name: string };
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Brings an archive in, and shows what that did. */
export function ImportDialog({ workspace, open, onOpenChange }: ImportDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={workspace ? `Import an archive into ${workspace.name}` : "Import an archive"}
      description={
        workspace
          ? "Its files replace those of the same name. What is here now is kept as a snapshot first."
          : "One workspace becomes a new one. Of an archive of several, those that are here already are updated."
      }
    >
      <ImportForm {...(workspace ? { workspace } : {})} />
    </Dialog>
  );
}

function ImportForm({ workspace }: Pick<ImportDialogProps, "workspace">) {
  const [file, setFile] = useState<File | null>(null);
  const [prune, setPrune] = useState(false);
  const upload = useImportArchive(workspace?.slug);
  const operationId = upload.data;
  return (
    <>
      <DialogBody className="flex flex-col gap-4">
        {upload.error && <ErrorPanel error={upload.error} title="The archive was not imported" />}
        {operationId === undefined ? (
          <>
            <DropZone file={file} disabled={upload.isPending} onChange={setFile} />
            <Checkbox
              label="Delete files that the archive does not have"
              hint={
                workspace
                  ? "index.yml and security.yml are never deleted."
                  : "In workspaces that are here already; index.yml and security.yml are never deleted."
              }
              checked={prune}
              onChange={(event) => {
                setPrune(event.currentTarget.checked);
              }}
            />
          </>
        ) : (
          <ImportResult operationId={operationId} />
        )}
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>{operationId === undefined ? "Cancel" : "Close"}</Button>
        </DialogClose>
        {operationId === undefined && (
          <Button
            variant="primary"
            busy={upload.isPending}
            disabled={file === null}
            onClick={() => {
              if (file) upload.mutate({ file, prune });
            }}
          >
            Import archive
          </Button>
        )}
      </DialogFooter>
    </>
  );
}
