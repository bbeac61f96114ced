"use client";

import { useState } from "react";
import { Download, Upload, X } from "lucide-react";
import { grouped } from "@/lib/client/format";
import { ExportDialog } from "@/components/archives/export-dialog";
import { ImportDialog } from "@/components/archives/import-dialog";
import { useHotkeys } from "@/components/shell/use-hotkeys";
import { Button } from "@/components/ui/button";
import type { Selection } from "./use-selection";

/** What can be done with the chosen workspaces. It comes before the table for the keyboard, and below it on the screen. */
export function SelectionBar({ selection }: { selection: Selection }) {
  const [dialog, setDialog] = useState<"export" | "import" | null>(null);
  const workspaces = [...selection.chosen.values()];
  const isOpen = workspaces.length > 0;
  const close = () => {
    setDialog(null);
  };
  useHotkeys(
    isOpen
      ? {
          e: () => {
            setDialog("export");
          },
          Escape: selection.clear,
        }
      : {},
  );
  if (!isOpen) return null;
  return (
    <>
      <div className="pointer-events-none fixed inset-x-4 bottom-4 z-20 flex justify-center lg:left-60">
        <section
          aria-label="Chosen workspaces"
          className="pointer-events-auto flex max-w-full animate-rise items-center gap-2 rounded-lg bg-raised p-2 pl-3.5 text-sm shadow-pop"
        >
          <p role="status" className="tabular mr-1 font-medium whitespace-nowrap">
            {grouped(workspaces.length)}
            <span className="max-sm:sr-only">
              {" "}
              {workspaces.length === 1 ? "workspace" : "workspaces"}
            </span>{" "}
            chosen
          </p>
          <Button
            onClick={() => {
              setDialog("export");
            }}
          >
            <Download aria-hidden />
            Export…
          </Button>
          <Button
            onClick={() => {
              setDialog("import");
            }}
          >
            <Upload aria-hidden />
            <span>
              Import<span className="max-sm:sr-only"> into these</span>…
            </span>
          </Button>
          <Button
            variant="ghost"
            size="icon"
            aria-label="Choose none"
            title="Choose none"
            onClick={selection.clear}
          >
            <X aria-hidden />
          </Button>
        </section>
      </div>
      {dialog === "export" && <ExportDialog workspaces={workspaces} onClose={close} />}
      {dialog === "import" && <ImportDialog workspaces={workspaces} open onOpenChange={close} />}
    </>
  );
}
