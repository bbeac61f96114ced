import type { ApiError } from "@/lib/client/api";
import { FormDialog } from "@/components/ui/form/form-dialog";

interface DeleteFileDialogProps {
  path: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  busy: boolean;
  error: ApiError | null;
  onConfirm: () => void;
}

export function DeleteFileDialog({ path, onOpenChange, onConfirm, ...state }: DeleteFileDialogProps) {
  return (
    <FormDialog
      {...state}
      onClose={() => {
        onOpenChange(false);
      }}
      title={`Delete ${path}?`}
      description="The next push deletes it in the repository as well. Earlier versions keep it."
      submit="Delete file"
      onSubmit={onConfirm}
      danger
      keep="Keep the file"
      failure="The file was not deleted"
    />
  );
}
