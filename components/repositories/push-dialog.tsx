"use client";

import { useState, type FormEvent } from "react";
import type { SyncView } from "@/lib/domain/wire/api";
import { VersionName } from "@/lib/domain/version";
import type { ApiError } from "@/lib/client/api";
import { count } from "@/lib/client/format";
import { useProductionCheck } from "@/components/workspaces/production-check";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field, Input, Textarea } from "@/components/ui/field";
import { ErrorPanel } from "@/components/ui/states";
import { ChangeNames, summariseChanges } from "./change-list";

interface PushDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  slug: string;
  view: SyncView;
  busy: boolean;
  error: ApiError | null;
  onPush: (input: { name?: string; description?: string }) => void;
}

/** Asks for the name and the message of a version before it is pushed. */
export function PushDialog({ open, onOpenChange, slug, view, busy, error, onPush }: PushDialogProps) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const problem = name ? VersionName.safeParse(name).error?.issues[0]?.message : undefined;
  const production = useProductionCheck(slug);
  const native = view.repository.scope === "native";
  const verb = native ? "Save version" : "Push";

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (problem || !production.passed) return;
    onPush({ ...(name ? { name } : {}), ...(description.trim() ? { description } : {}) });
  }

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={native ? "Save a version" : `Push to ${view.repository.name}`}
      description={
        native
          ? "Kept in the platform's own storage; goes when the workspace is deleted."
          : `${count(view.changes.length, "changed file")} to branch ${view.targetBranch}.`
      }
    >
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <DialogBody className="flex flex-col gap-4">
          {error && <ErrorPanel error={error} title="Nothing was pushed" />}
          {!native && view.changes.length > 0 && (
            <ChangeNames title={`Will be pushed: ${summariseChanges(view.changes)}`} changes={view.changes} />
          )}
          <Field
            label="Version name"
            optional
            hint="Becomes a tag. Without one it is named by date and time."
            {...(problem ? { error: problem } : {})}
          >
            {(control) => (
              <Input
                {...control}
                autoComplete="off"
                spellCheck={false}
                className="font-mono"
                placeholder="v1.4.0"
                value={name}
                onChange={(event) => {
                  setName(event.currentTarget.value);
                }}
              />
            )}
          </Field>
          <Field label="Description" optional hint="The commit's message.">
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
          {production.field}
        </DialogBody>
        <DialogFooter>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button type="submit" variant="primary" disabled={!!problem || !production.passed} busy={busy}>
            {verb}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
