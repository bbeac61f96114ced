"use client";

import { useState } from "react";
import { TriangleAlert } from "lucide-react";
import { askForMany, askForOne, MOST_EXPORTED } from "@/lib/client/archives";
import { count, listNames, grouped } from "@/lib/client/format";
import { Checkbox } from "@/components/ui/form/field";
import { Notice } from "@/components/ui/states";
import { DownloadDialog } from "./download-dialog";

interface ExportDialogProps {
  workspaces: readonly { id: string; name: string }[];
  onClose: () => void;
}

/** Saves several workspaces as one archive. */
export function ExportDialog({ workspaces, onClose }: ExportDialogProps) {
  const [includeApps, setIncludeApps] = useState(false);
  const names = listNames(
    workspaces.map(({ name }) => name),
    3,
  );
  const ids = workspaces.map(({ id }) => id);
  return (
    <DownloadDialog
      title={`Export ${count(workspaces.length, "workspace")}`}
      description={`One zip archive with a folder of current files for ${names}. It does not contain secrets.`}
      ask={askForMany(ids, includeApps)}
      progress={`Collecting ${count(workspaces.length, "workspace")}.`}
      problem={
        workspaces.length > MOST_EXPORTED && (
          <Notice tone="warning" icon={TriangleAlert} title="Too many for one archive">
            An archive can contain {grouped(MOST_EXPORTED)} workspaces. Select fewer, for example one group at
            a time.
          </Notice>
        )
      }
      onClose={onClose}
    >
      <Checkbox
        label="Include the apps they use"
        hint="Also exports the workspaces that publish their apps, if you can read them."
        checked={includeApps}
        onChange={(event) => {
          setIncludeApps(event.currentTarget.checked);
        }}
      />
    </DownloadDialog>
  );
}

interface ExportWorkspaceDialogProps {
  workspace: { slug: string; name: string };
  onClose: () => void;
}

/** Saves one workspace as an archive, with its versions where they are wanted. */
export function ExportWorkspaceDialog({ workspace, onClose }: ExportWorkspaceDialogProps) {
  const [history, setHistory] = useState(false);
  const { slug, name } = workspace;
  return (
    <DownloadDialog
      title={`Export ${name}`}
      description="A zip archive of its current files. It does not contain secrets."
      ask={askForOne(slug, history)}
      progress={
        history ? `Collecting the files and versions of ${name}.` : `Collecting the files of ${name}.`
      }
      onClose={onClose}
    >
      <Checkbox
        label="With history"
        hint="Adds every version as a commit and a tag. The unpacked folder is a git repository that you can clone."
        checked={history}
        onChange={(event) => {
          setHistory(event.currentTarget.checked);
        }}
      />
    </DownloadDialog>
  );
}
