"use client";

import { useRouter } from "next/navigation";
import { useState, type FormEvent } from "react";
import { toast } from "sonner";
import { CreateWorkspace, Slug, slugify } from "@/lib/domain/workspace";
import { useCreateWorkspace } from "@/lib/client/mutations";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field, Input, Textarea } from "@/components/ui/field";
import { ErrorPanel } from "@/components/ui/states";

/** Makes an empty workspace and opens it. */
export function CreateWorkspaceDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New workspace"
      description="It starts with an index.yml and a security.yml. Labels decide which groups it belongs to."
    >
      <CreateForm
        onDone={() => {
          onOpenChange(false);
        }}
      />
    </Dialog>
  );
}

function CreateForm({ onDone }: { onDone: () => void }) {
  const router = useRouter();
  const create = useCreateWorkspace();
  const [name, setName] = useState("");
  const [slug, setSlug] = useState<string | null>(null);
  const [labels, setLabels] = useState("");
  const [description, setDescription] = useState("");
  const [labelError, setLabelError] = useState<string>();
  const chosenSlug = slug ?? (name.trim() ? slugify(name) : "");
  const slugProblem = chosenSlug === "" ? undefined : Slug.safeParse(chosenSlug).error?.issues[0]?.message;

  function submit(event: FormEvent): void {
    event.preventDefault();
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
        onDone();
        router.push(`/workspaces/${workspace.slug}`);
      },
    });
  }

  return (
    <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
      <DialogBody className="flex flex-col gap-4">
        {create.error && <ErrorPanel error={create.error} title="The workspace was not created" />}
        <Field label="Name">
          {(control) => (
            <Input
              {...control}
              required
              maxLength={200}
              autoComplete="off"
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value);
              }}
            />
          )}
        </Field>
        <Field
          label="Slug"
          hint="Its directory in platform repositories and its branch: prismeai/{slug}/main."
          {...(slugProblem ? { error: slugProblem } : {})}
        >
          {(control) => (
            <Input
              {...control}
              required
              maxLength={100}
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
              value={chosenSlug}
              onChange={(event) => {
                setSlug(event.currentTarget.value);
              }}
            />
          )}
        </Field>
        <Field
          label="Labels"
          optional
          hint="Separated by spaces or commas, such as production:app:base1."
          {...(labelError ? { error: labelError } : {})}
        >
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              spellCheck={false}
              value={labels}
              onChange={(event) => {
                setLabels(event.currentTarget.value);
              }}
            />
          )}
        </Field>
        <Field label="Description" optional>
          {(control) => (
            <Textarea
              {...control}
              maxLength={5000}
              value={description}
              onChange={(event) => {
                setDescription(event.currentTarget.value);
              }}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button
          type="submit"
          variant="primary"
          busy={create.isPending}
          disabled={!name.trim() || !!slugProblem}
        >
          Create workspace
        </Button>
      </DialogFooter>
    </form>
  );
}
