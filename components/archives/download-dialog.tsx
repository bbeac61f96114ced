"use client";

import { useEffect, useRef, useState, type ReactNode } from "react";
import { CircleCheck, LoaderCircle } from "lucide-react";
import { useDownload, type AskForArchive } from "@/lib/client/archives";
import { bytes } from "@/lib/client/format";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { ErrorPanel, Notice } from "@/components/ui/states";

interface DownloadDialogProps {
  title: string;
  description: string;
  /** What is downloaded, once it is asked for. */
  ask: AskForArchive;
  /** What the server is doing, in a sentence. */
  progress: string;
  /** Why there is nothing to download. */
  problem?: ReactNode;
  /** The choices to make before. */
  children: ReactNode;
  onClose: () => void;
}

/** Downloads an archive and says how far that is. Closing it stops the download. */
export function DownloadDialog(props: DownloadDialogProps) {
  const { title, description, ask, progress, problem, children, onClose } = props;
  const [received, setReceived] = useState(0);
  const stop = useRef(new AbortController());
  const exporting = useDownload();
  useEffect(() => {
    const controller = new AbortController();
    stop.current = controller;
    return () => {
      controller.abort();
    };
  }, []);

  return (
    <Dialog open onOpenChange={onClose} title={title} description={description}>
      <DialogBody className="flex flex-col gap-4">
        {problem}
        {exporting.error && <ErrorPanel error={exporting.error} title="Nothing was exported" />}
        {exporting.data ? (
          <Notice
            tone="success"
            icon={CircleCheck}
            role="status"
            title={`${exporting.data.fileName} was saved, ${bytes(exporting.data.size)}`}
          >
            Find it in your browser&apos;s downloads.
          </Notice>
        ) : exporting.isPending ? (
          <Notice tone="info" icon={LoaderCircle} title="Exporting">
            {/* The count ticks; only that it runs is announced. */}
            <span role="status">{progress}</span>{" "}
            <span className="tabular">{received > 0 && `${bytes(received)} received.`}</span>
          </Notice>
        ) : (
          children
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
            disabled={Boolean(problem)}
            onClick={() => {
              setReceived(0);
              exporting.mutate({ ask, signal: stop.current.signal, onProgress: setReceived });
            }}
          >
            Export archive
          </Button>
        )}
      </DialogFooter>
    </Dialog>
  );
}
