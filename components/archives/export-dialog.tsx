"use client";

import { useEffect, useRef, useState } from "react";
import { CircleCheck, LoaderCircle, TriangleAlert } from "lucide-react";
import { MOST_EXPORTED, useExportMany } from "@/lib/client/archives";
import { bytes, count, listNames, grouped } from "@/lib/client/format";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Checkbox } from "@/components/ui/form/field";
import { ErrorPanel, Notice } from "@/components/ui/states";

interface ExportDialogProps {
  workspaces: readonly { id: string; name: string }[];
  onClose: () => void;
}

/** Saves several workspaces as one archive, and says how far that is. Closing it stops the download. */
export function ExportDialog({ workspaces, onClose }: ExportDialogProps) {
  const [includeApps, setIncludeApps] = useState(false);
  const [received, setReceived] = useState(0);
  const stop = useRef(new AbortController());
  const exporting = useExportMany();
  const isTooMany = workspaces.length > MOST_EXPORTED;
  useEffect(() => {
    const controller = new AbortController();
    stop.current = controller;
    return () => {
      controller.abort();
    };
  }, []);
  const names = listNames(
    workspaces.map(({ name }) => name),
    3,
  );

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Export ${count(workspaces.length, "workspace")}`}
      description={`One zip archive, with a folder of files as they are now for ${names}. Secrets are not in it.`}
    >
      <DialogBody className="flex flex-col gap-4">
        {isTooMany && (
          <Notice tone="warning" icon={TriangleAlert} title="Too many for one archive">
            An archive takes {grouped(MOST_EXPORTED)} workspaces. Choose fewer, for example one group at a
            time.
          </Notice>
        )}
        {exporting.error && <ErrorPanel error={exporting.error} title="Nothing was exported" />}
        {exporting.data ? (
          <Notice
            tone="success"
            icon={CircleCheck}
            role="status"
            title={`${exporting.data.fileName} was saved, ${bytes(exporting.data.size)}`}
          >
            Look for it among the downloads of this browser.
          </Notice>
        ) : exporting.isPending ? (
          <Notice tone="info" icon={LoaderCircle} title="Exporting">
            {/* The count ticks; only that it runs is announced. */}
            <span role="status">Collecting {count(workspaces.length, "workspace")}.</span>{" "}
            <span className="tabular">{received > 0 && `${bytes(received)} received.`}</span>
          </Notice>
        ) : (
          <Checkbox
            label="Include the apps they use"
            hint="Workspaces whose apps these install come along, as far as you may read them."
            checked={includeApps}
            onChange={(event) => {
              setIncludeApps(event.currentTarget.checked);
            }}
          />
        )}
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>{exporting.data ? "Close" : "Cancel"}</Button>
        </DialogClose>
        {!exporting.data && (
          <Button
            variant="primary"
            busy={exporting.isPending}
            disabled={isTooMany}
            onClick={() => {
              setReceived(0);
              exporting.mutate({
                ids: workspaces.map(({ id }) => id),
                includeApps,
                signal: stop.current.signal,
                onProgress: setReceived,
              });
            }}
          >
            Export archive
          </Button>
        )}
      </DialogFooter>
    </Dialog>
  );
}
