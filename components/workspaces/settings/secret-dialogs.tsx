"use client";

import { useState, type FormEvent } from "react";
import { toast } from "sonner";
import { usePatchSecrets } from "@/lib/client/settings/settings";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field, Input, Textarea } from "@/components/ui/field";
import { ErrorPanel } from "@/components/ui/states";

interface SecretDialogProps {
  slug: string;
  /** Empty: a new one. */
  name: string;
  description: string;
  onClose: () => void;
}

/** Stores a value under a name. The value that stands there is not shown, only replaced. */
export function SecretDialog({ slug, name: given, description: before, onClose }: SecretDialogProps) {
  const save = usePatchSecrets(slug);
  const [name, setName] = useState(given);
  const [value, setValue] = useState("");
  const [description, setDescription] = useState(before);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const secret = { value, ...(description.trim() ? { description: description.trim() } : {}) };
    save.mutate(
      { [name.trim()]: secret },
      {
        onSuccess: () => {
          toast.success(`${name.trim()} is stored`);
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={given ? `Replace ${given}` : "Store a secret"}
      description="Kept encrypted, and hidden in logs, events and diffs."
    >
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <DialogBody className="flex flex-col gap-4">
          {save.error && <ErrorPanel error={save.error} title="The secret was not stored" />}
          <Field label="Name" hint="Used as {{secret.name}}.">
            {(control) => (
              <Input
                {...control}
                required
                disabled={given !== ""}
                pattern="[A-Za-z0-9_.\-]{1,100}"
                maxLength={100}
                autoComplete="off"
                spellCheck={false}
                className="font-mono"
                value={name}
                onChange={({ currentTarget }) => {
                  setName(currentTarget.value);
                }}
              />
            )}
          </Field>
          <Field label="Value" hint="Line breaks are kept, as a private key needs them.">
            {(control) => (
              <Textarea
                {...control}
                required
                maxLength={20_000}
                autoComplete="off"
                spellCheck={false}
                className="font-mono"
                value={value}
                onChange={({ currentTarget }) => {
                  setValue(currentTarget.value);
                }}
              />
            )}
          </Field>
          <Field label="Description" optional>
            {(control) => (
              <Input
                {...control}
                maxLength={1000}
                autoComplete="off"
                value={description}
                onChange={({ currentTarget }) => {
                  setDescription(currentTarget.value);
                }}
              />
            )}
          </Field>
        </DialogBody>
        <DialogFooter>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button type="submit" variant="primary" busy={save.isPending} disabled={!name.trim() || !value}>
            Store secret
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

/** Deletes a stored secret, once it was said what then fails. */
export function DeleteSecretDialog({
  slug,
  name,
  onClose,
}: Pick<SecretDialogProps, "slug" | "name" | "onClose">) {
  const remove = usePatchSecrets(slug);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Delete ${name}?`}
      description="Its value is gone for good. Repositories and configuration that refer to it stop working until it is stored again."
    >
      {remove.error && (
        <DialogBody>
          <ErrorPanel error={remove.error} title="The secret was not deleted" />
        </DialogBody>
      )}
      <DialogFooter>
        <DialogClose asChild>
          <Button>Keep it</Button>
        </DialogClose>
        <Button
          variant="danger"
          busy={remove.isPending}
          onClick={() => {
            remove.mutate({ [name]: null }, { onSuccess: onClose });
          }}
        >
          Delete secret
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
