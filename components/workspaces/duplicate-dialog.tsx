"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { useDuplicateWorkspace } from "@/lib/client/settings/settings";
import { useWorkspace } from "@/lib/client/queries";
import { Checkbox } from "@/components/ui/form/field";
import { FormDialog } from "@/components/ui/form/form-dialog";
import { TextField } from "@/components/ui/form/text-field";

const MOST = 200;

interface DuplicateDialogProps {
  workspace: { slug: string; name: string };
  onClose: () => void;
}

/** Makes a copy of a workspace and opens it. */
export function DuplicateDialog({ workspace: { slug, name: original }, onClose }: DuplicateDialogProps) {
  const router = useRouter();
  const duplicate = useDuplicateWorkspace(slug);
  const labels = useWorkspace(slug).data?.labels ?? [];
  const [name, setName] = useState(`${original} copy`.slice(0, MOST));
  const [keepsLabels, setKeepsLabels] = useState(false);

  function submit(): void {
    duplicate.mutate(
      { name, labels: keepsLabels ? labels : [] },
      {
        onSuccess: (copy) => {
          toast.success(`${copy.name} is ready`);
          onClose();
          router.push(`/workspaces/${copy.slug}`);
        },
      },
    );
  }

  return (
    <FormDialog
      onClose={onClose}
      title={`Duplicate ${original}`}
      description="A new workspace with the same files. Secrets, domains, versions and published apps stay with the original."
      submit="Duplicate workspace"
      onSubmit={submit}
      busy={duplicate.isPending}
      disabled={!name.trim()}
      error={duplicate.error}
      failure="The workspace was not duplicated"
    >
      <TextField label="Name of the copy" required maxLength={MOST} value={name} onValueChange={setName} />
      {labels.length > 0 && (
        <Checkbox
          label="Copy the labels too"
          hint={`${labels.join(", ")}. Labels decide which groups it is pushed with.`}
          checked={keepsLabels}
          onChange={(event) => {
            setKeepsLabels(event.currentTarget.checked);
          }}
        />
      )}
    </FormDialog>
  );
}
