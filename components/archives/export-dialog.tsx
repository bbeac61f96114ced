"use client";

import { useState } from "react";
import { TriangleAlert } from "lucide-react";
import { exportPath, MOST_EXPORTED } from "@/lib/client/archives";
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
      description={`One zip archive, with a folder of files as they are now for ${names}. Secrets are not in it.`}
      request={{
        path: "/v2/workspaces/export",
        method: "POST",
        json: { workspaces: { query: { ids } }, includeApps },
      }}
      progress={`Collecting ${count(workspaces.length, "workspace")}.`}
      problem={
        workspaces.length > MOST_EXPORTED && (
          <Notice tone="warning" icon={TriangleAlert} title="Too many for one archive">
            An archive takes {grouped(MOST_EXPORTED)} workspaces. Choose fewer, for example one group at a
            time.
          </Notice>
        )
      }
      onClose={onClose}
    >
      <Checkbox
        label="Include the apps they use"
        hint="Workspaces whose apps these install come along, as far as you may read them."
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
      description="A zip archive of its files as they are now. Secrets are not in it."
      request={{ path: exportPath(slug, { history }) }}
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
