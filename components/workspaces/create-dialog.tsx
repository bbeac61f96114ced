"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { CreateWorkspace, Slug, slugify } from "@/lib/domain/workspace";
import { useCreateWorkspace } from "@/lib/client/mutations";
import { FormDialog } from "@/components/ui/form/form-dialog";
import { TextAreaField, TextField } from "@/components/ui/form/text-field";

interface CreateDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Makes an empty workspace and opens it. */
export function CreateWorkspaceDialog({ open, onOpenChange }: CreateDialogProps) {
  // Opened again, it starts with empty fields.
  return open ? <CreateDialog onClose={() => onOpenChange(false)} /> : null;
}

function CreateDialog({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const create = useCreateWorkspace();
  const [name, setName] = useState("");
  const [slug, setSlug] = useState<string | null>(null);
  const [labels, setLabels] = useState("");
  const [description, setDescription] = useState("");
  const [labelError, setLabelError] = useState<string>();
  const chosenSlug = slug ?? (name.trim() ? slugify(name) : "");
  const slugProblem = chosenSlug === "" ? undefined : Slug.safeParse(chosenSlug).error?.issues[0]?.message;

  function submit(): void {
    const body = CreateWorkspace.safeParse({
      name,
      slug: chosenSlug,
      labels: labels.split(/[\s,]+/).filter(Boolean),
      ...(description.trim() ? { description } : {}),
    });
    if (!body.success) {
      setLabelError(body.error.issues.find(({ path }) => path[0] === "labels")?.message);
      return;
    }
    setLabelError(undefined);
    create.mutate(body.data, {
      onSuccess: (workspace) => {
        toast.success(`${workspace.name} is ready`);
        onClose();
        router.push(`/workspaces/${workspace.slug}`);
      },
    });
  }

  return (
    <FormDialog
      onClose={onClose}
      title="New workspace"
      description="It starts with an index.yml and a security.yml. Labels decide which groups it belongs to."
      submit="Create workspace"
      onSubmit={submit}
      busy={create.isPending}
      disabled={!name.trim() || !!slugProblem}
      error={create.error}
      failure="The workspace was not created"
    >
      <TextField label="Name" required maxLength={200} value={name} onValueChange={setName} />
      <TextField
        label="Slug"
        hint="Used for its directory in platform repositories and its branch: prismeai/{slug}/main."
        error={slugProblem}
        mono
        required
        maxLength={100}
        value={chosenSlug}
        onValueChange={setSlug}
      />
      <TextField
        label="Labels"
        optional
        hint="Separate them with spaces or commas, such as production:app:base1."
        error={labelError}
        spellCheck={false}
        value={labels}
        onValueChange={setLabels}
      />
      <TextAreaField
        label="Description"
        optional
        maxLength={5000}
        value={description}
        onValueChange={setDescription}
      />
    </FormDialog>
  );
}
