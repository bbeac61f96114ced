"use client";

import { useState, type FormEvent } from "react";
import { useCreateToken } from "@/lib/client/access";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Checkbox, Field, Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { ErrorPanel } from "@/components/ui/states";
import { ShownOnce } from "./shown-once";

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
      {...(made ? {} : { description: "It acts as you, within the scopes you choose." })}
    >
      {made ? (
        <>
          <DialogBody>
            <ShownOnce
              value={made.token}
              label="Access token"
              note="Copy it now: it is stored as a hash only and cannot be shown again."
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

  function submit(event: FormEvent): void {
    event.preventDefault();
    const ids = workspaceIds.split(/[\s,]+/).filter(Boolean);
    const all = [...scopes, ...ids.map((id) => `workspace:${id}`)];
    create.mutate({
      name,
      ...(all.length > 0 ? { scopes: all } : {}),
      ...(days ? { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() } : {}),
    });
  }

  return (
    <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
      <DialogBody className="flex flex-col gap-4">
        {create.error && <ErrorPanel error={create.error} title="The token was not created" />}
        <Field label="Name" hint="What it is for, such as the pipeline that uses it.">
          {(control) => (
            <Input
              {...control}
              required
              maxLength={100}
              autoComplete="off"
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value);
              }}
            />
          )}
        </Field>
        <Field label="Expires after">
          {(control) => (
            <Select
              {...control}
              value={days}
              onChange={(event) => {
                setDays(event.currentTarget.value);
              }}
            >
              {LIFETIMES.map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1.5 text-sm font-medium">
            Actions <span className="text-xs font-normal text-muted">none chosen: all that you may do</span>
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
        <Field label="Only these workspaces" optional hint="Their ids, separated by spaces or commas.">
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
              value={workspaceIds}
              onChange={(event) => {
                setWorkspaceIds(event.currentTarget.value);
              }}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={create.isPending} disabled={!name.trim()}>
          Create token
        </Button>
      </DialogFooter>
    </form>
  );
}
