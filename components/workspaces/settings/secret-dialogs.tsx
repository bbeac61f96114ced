"use client";

import { useState } from "react";
import { toast } from "sonner";
import { usePatchSecrets } from "@/lib/client/settings/settings";
import { FormDialog } from "@/components/ui/form/form-dialog";
import { TextAreaField, TextField } from "@/components/ui/form/text-field";

interface SecretDialogProps {
  slug: string;
  /** Empty: a new one. */
  name: string;
  description: string;
  onClose: () => void;
}

/** Stores a value under a name. The existing value is never shown, only replaced. */
export function SecretDialog({ slug, name: given, description: before, onClose }: SecretDialogProps) {
  const save = usePatchSecrets(slug);
  const [name, setName] = useState(given);
  const [value, setValue] = useState("");
  const [description, setDescription] = useState(before);

  function submit(): void {
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
    <FormDialog
      onClose={onClose}
      title={given ? `Replace ${given}` : "Store a secret"}
      description="Kept encrypted, and hidden in logs, events and diffs."
      submit="Store secret"
      onSubmit={submit}
      busy={save.isPending}
      disabled={!name.trim() || !value}
      error={save.error}
      failure="The secret was not stored"
    >
      <TextField
        label="Name"
        hint="Used as {{secret.name}}."
        mono
        required
        disabled={given !== ""}
        pattern="[A-Za-z0-9_.\-]{1,100}"
        maxLength={100}
        value={name}
        onValueChange={setName}
      />
      <TextAreaField
        label="Value"
        hint="Line breaks are kept, so you can paste a private key."
        mono
        required
        maxLength={20_000}
        value={value}
        onValueChange={setValue}
      />
      <TextField
        label="Description"
        optional
        maxLength={1000}
        value={description}
        onValueChange={setDescription}
      />
    </FormDialog>
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
    <FormDialog
      onClose={onClose}
      title={`Delete ${name}?`}
      description="Its value is lost permanently. Repositories and configuration that use it stop working until you store it again."
      submit="Delete secret"
      onSubmit={() => {
        remove.mutate({ [name]: null }, { onSuccess: onClose });
      }}
      danger
      keep="Keep it"
      busy={remove.isPending}
      error={remove.error}
      failure="The secret was not deleted"
    />
  );
}
