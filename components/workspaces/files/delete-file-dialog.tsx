import type { ApiError } from "@/lib/client/api";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { ErrorPanel } from "@/components/ui/states";

interface DeleteFileDialogProps {
  path: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  busy: boolean;
  error: ApiError | null;
  onConfirm: () => void;
}

export function DeleteFileDialog({
  path,
  open,
  onOpenChange,
  busy,
  error,
  onConfirm,
}: DeleteFileDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Delete ${path}?`}
      description="The next push deletes it in the repository as well. Versions published before keep it."
    >
      {error && (
        <DialogBody>
          <ErrorPanel error={error} title="The file was not deleted" />
        </DialogBody>
      )}
      <DialogFooter>
        <DialogClose asChild>
          <Button>Keep the file</Button>
        </DialogClose>
        <Button variant="danger" busy={busy} onClick={onConfirm}>
          Delete file
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
