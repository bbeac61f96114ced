"use client";

import { useState } from "react";
import { useCreateToken } from "@/lib/client/access";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { ShownOnce } from "./shown-once";
import { Checkbox } from "@/components/ui/form/field";
import { DialogForm } from "@/components/ui/form/form-dialog";
import { SelectField, TextField } from "@/components/ui/form/text-field";

const ACTIONS = [
  ["read", "Read workspaces, versions and activity"],
  ["update", "Edit, push and pull"],
  ["delete", "Delete workspaces"],
  ["manage", "Create workspaces, publish apps"],
  ["manage_permissions", "Share workspaces"],
  ["manage_security", "Secrets, locks and security.yml"],
  ["manage_repositories", "Change repositories"],
] as const;

const LIFETIMES = [
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "1 year"],
  ["", "No end"],
] as const;

const DAY_MS = 24 * 60 * 60 * 1000;

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Makes an access token and shows it this one time. */
export function TokenDialog({ open, onOpenChange }: Props) {
  const create = useCreateToken();
  const made = create.data;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={made ? `${made.name} is ready` : "New access token"}
      {...(made ? {} : { description: "It acts as you, within the scopes you select." })}
    >
      {made ? (
        <>
          <DialogBody>
            <ShownOnce
              value={made.token}
              label="Access token"
              note="Copy it now. Only a hash is stored, so it cannot be shown again."
            />
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="primary">Done</Button>
            </DialogClose>
          </DialogFooter>
        </>
      ) : (
        <TokenForm create={create} />
      )}
    </Dialog>
  );
}

function TokenForm({ create }: { create: ReturnType<typeof useCreateToken> }) {
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");
  const [scopes, setScopes] = useState<string[]>([]);
  const [workspaceIds, setWorkspaceIds] = useState("");

  function submit(): void {
    const ids = workspaceIds.split(/[\s,]+/).filter(Boolean);
    const all = [...scopes, ...ids.map((id) => `workspace:${id}`)];
    create.mutate({
      name,
      ...(all.length > 0 ? { scopes: all } : {}),
      ...(days ? { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() } : {}),
    });
  }

  return (
    <DialogForm
      submit="Create token"
      onSubmit={submit}
      busy={create.isPending}
      disabled={!name.trim()}
      error={create.error}
      failure="The token was not created"
    >
      <TextField
        label="Name"
        hint="What you use it for, such as the name of a pipeline."
        required
        maxLength={100}
        value={name}
        onValueChange={setName}
      />
      <SelectField label="Expires after" value={days} onValueChange={setDays}>
        {LIFETIMES.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1.5 text-sm font-medium">
          Actions <span className="text-xs font-normal text-muted">none selected: everything you can do</span>
        </legend>
        {ACTIONS.map(([action, hint]) => (
          <Checkbox
            key={action}
            label={<code className="font-mono text-xs">{action}</code>}
            hint={hint}
            checked={scopes.includes(action)}
            onChange={(event) => {
              const { checked } = event.currentTarget;
              setScopes((known) => (checked ? [...known, action] : known.filter((one) => one !== action)));
            }}
          />
        ))}
      </fieldset>
      <TextField
        label="Only these workspaces"
        optional
        hint="Separate their ids with spaces or commas."
        mono
        value={workspaceIds}
        onValueChange={setWorkspaceIds}
      />
    </DialogForm>
  );
}
