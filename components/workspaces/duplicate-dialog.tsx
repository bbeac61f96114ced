"use client";

import { useRouter } from "next/navigation";
import { useState, type FormEvent } from "react";
import { toast } from "sonner";
import { useDuplicateWorkspace } from "@/lib/client/settings/settings";
import { useWorkspace } from "@/lib/client/queries";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Checkbox, Field, Input } from "@/components/ui/field";
import { ErrorPanel } from "@/components/ui/states";

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

  function submit(event: FormEvent): void {
    event.preventDefault();
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
    <Dialog
      open
      onOpenChange={onClose}
      title={`Duplicate ${original}`}
      description="A new workspace with the same files. Secrets, domains, versions and what was published stay with the original."
    >
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <DialogBody className="flex flex-col gap-4">
          {duplicate.error && <ErrorPanel error={duplicate.error} title="No copy was made" />}
          <Field label="Name of the copy">
            {(control) => (
              <Input
                {...control}
                required
                maxLength={MOST}
                autoComplete="off"
                value={name}
                onChange={(event) => {
                  setName(event.currentTarget.value);
                }}
              />
            )}
          </Field>
          {labels.length > 0 && (
            <Checkbox
              label="Give the copy the same labels"
              hint={`${labels.join(", ")}. Labels decide which groups it is pushed with.`}
              checked={keepsLabels}
              onChange={(event) => {
                setKeepsLabels(event.currentTarget.checked);
              }}
            />
          )}
        </DialogBody>
        <DialogFooter>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button type="submit" variant="primary" busy={duplicate.isPending} disabled={!name.trim()}>
            Duplicate workspace
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

const MOST = 200;
