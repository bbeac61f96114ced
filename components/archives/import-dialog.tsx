"use client";

import { useState } from "react";
import { useImportArchive } from "@/lib/client/archives";
import { count, listNames } from "@/lib/client/format";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Checkbox } from "@/components/ui/form/field";
import { ErrorPanel } from "@/components/ui/states";
import { DropZone } from "./drop-zone";
import { ImportResult } from "./import-result";

interface ImportDialogProps {
  /** Into this workspace; without one the archive becomes a new workspace, or several. */
  workspace?: { slug: string; name: string };
  /** Only into these of the workspaces that the archive holds. */
  workspaces?: readonly { id: string; name: string }[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Brings an archive in, and shows what that did. */
export function ImportDialog({ workspace, workspaces, open, onOpenChange }: ImportDialogProps) {
  const [title, description] = workspaces
    ? [
        `Import into ${count(workspaces.length, "workspace")}`,
        `From an archive of several workspaces, this imports ${listNames(
          workspaces.map(({ name }) => name),
          3,
        )}, and nothing else. A snapshot is saved first.`,
      ]
    : workspace
      ? [
          `Import an archive into ${workspace.name}`,
          "Its files replace those of the same name. A snapshot is saved first.",
        ]
      : [
          "Import an archive",
          "One workspace becomes a new one. From an archive of several, existing workspaces are updated.",
        ];
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title} description={description}>
      <ImportForm
        isNew={!workspace && !workspaces}
        {...(workspace ? { slug: workspace.slug } : {})}
        {...(workspaces ? { ids: workspaces.map(({ id }) => id) } : {})}
      />
    </Dialog>
  );
}

interface ImportFormProps {
  isNew: boolean;
  slug?: string;
  ids?: string[];
}

function ImportForm({ isNew, ...target }: ImportFormProps) {
  const [file, setFile] = useState<File | null>(null);
  const [prune, setPrune] = useState(false);
  const upload = useImportArchive(target);
  const operationId = upload.data;
  return (
    <>
      <DialogBody className="flex flex-col gap-4">
        {upload.error && <ErrorPanel error={upload.error} title="The archive was not imported" />}
        {operationId === undefined ? (
          <>
            <DropZone file={file} disabled={upload.isPending} onChange={setFile} />
            <Checkbox
              label="Delete files that are not in the archive"
              hint={
                isNew
                  ? "Only in existing workspaces; index.yml and security.yml are never deleted."
                  : "index.yml and security.yml are never deleted."
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
