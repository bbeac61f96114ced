"use client";

import { useState } from "react";
import { TriangleAlert } from "lucide-react";
import { Button } from "@/components/ui/button";
import { DiffView } from "@/components/ui/code/diff-view";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/states";

interface SaveConflictProps {
  path: string;
  theirs: string;
  mine: string;
  busy: boolean;
  onTakeTheirs: () => void;
  onOverwrite: () => void;
}

/** The file changed while it was edited here: shows both texts and lets a person choose. */
export function SaveConflict({ path, theirs, mine, busy, onTakeTheirs, onOverwrite }: SaveConflictProps) {
  const [comparing, setComparing] = useState(false);
  const choices = (
    <>
      <Button size="sm" variant="danger-quiet" onClick={onTakeTheirs}>
        Drop my text
      </Button>
      <Button size="sm" variant="danger" busy={busy} onClick={onOverwrite}>
        Overwrite theirs
      </Button>
    </>
  );
  return (
    <>
      <Notice
        role="alert"
        tone="warning"
        icon={TriangleAlert}
        className="m-3 shrink-0"
        title="Someone else changed this file"
        action={
          <>
            <Button
              size="sm"
              onClick={() => {
                setComparing(true);
              }}
            >
              Compare
            </Button>
            {choices}
          </>
        }
      >
        Nothing was overwritten. Your text is still in the editor.
      </Notice>
      <Dialog
        open={comparing}
        onOpenChange={setComparing}
        width="lg"
        title={`Two versions of ${path}`}
        description="Red is what they saved, green is your text."
      >
        <DialogBody>
          <DiffView path={path} before={theirs} after={mine} />
        </DialogBody>
        <DialogFooter>{choices}</DialogFooter>
      </Dialog>
    </>
  );
}
