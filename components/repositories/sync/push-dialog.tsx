"use client";

import { useState } from "react";
import type { SyncView } from "@/lib/domain/wire/api";
import { VersionName } from "@/lib/domain/version";
import type { ApiError } from "@/lib/client/api";
import { count } from "@/lib/client/format";
import { useProductionCheck } from "@/components/workspaces/production-check";
import { ChangeNames, summariseChanges } from "../change-names";
import { FormDialog } from "@/components/ui/form/form-dialog";
import { TextAreaField, TextField } from "@/components/ui/form/text-field";

interface PushDialogProps {
  onClose: () => void;
  slug: string;
  view: SyncView;
  busy: boolean;
  error: ApiError | null;
  onPush: (input: { name?: string; description?: string }) => void;
}

/** Asks for the name and the message of a version before it is pushed. */
export function PushDialog({ onClose, slug, view, busy, error, onPush }: PushDialogProps) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const problem = name ? VersionName.safeParse(name).error?.issues[0]?.message : undefined;
  const production = useProductionCheck(slug);
  const native = view.repository.scope === "native";

  return (
    <FormDialog
      onClose={onClose}
      title={native ? "Save a version" : `Push to ${view.repository.name}`}
      description={
        native
          ? "Kept in the platform's own storage; deleted with the workspace."
          : `${count(view.changes.length, "changed file")} to branch ${view.targetBranch}.`
      }
      submit={native ? "Save version" : "Push"}
      onSubmit={() => {
        onPush({ ...(name ? { name } : {}), ...(description.trim() ? { description } : {}) });
      }}
      disabled={!!problem || !production.passed}
      busy={busy}
      error={error}
      failure="Nothing was pushed"
    >
      {!native && view.changes.length > 0 && (
        <ChangeNames title={`Will be pushed: ${summariseChanges(view.changes)}`} changes={view.changes} />
      )}
      <TextField
        label="Version name"
        optional
        hint="Becomes a tag. If empty, the date and time are used."
        error={problem}
        mono
        placeholder="v1.4.0"
        value={name}
        onValueChange={setName}
      />
      <TextAreaField
        label="Description"
        optional
        hint="The commit's message."
        maxLength={5000}
        value={description}
        onValueChange={setDescription}
      />
      {production.field}
    </FormDialog>
  );
}
