"use client";

import { useState, type SubmitEvent } from "react";
import { UserMinus, Users } from "lucide-react";
import { toast } from "sonner";
import { toApiError } from "@/lib/client/api";
import { usePermissions, useShare, useUnshare } from "@/lib/client/access";
import type { PermissionsList, PermissionsView } from "@/lib/domain/access";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody } from "@/components/ui/dialog";
import { Select } from "@/components/ui/form/select";
import { ErrorPanel, SkeletonRows } from "@/components/ui/states";
import { SelectField, TextField } from "@/components/ui/form/text-field";

interface Props {
  workspace: { slug: string; name: string };
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Who may do what in a workspace, and the way to share it with more people. */
export function SharingDialog({ workspace, open, onOpenChange }: Props) {
  const { data, error, refetch } = usePermissions(workspace.slug);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Share ${workspace.name}`}
      description="People by their e-mail address, or a group of the identity provider as group:name."
    >
      <DialogBody className="flex flex-col gap-5">
        {error && !data ? (
          <ErrorPanel error={toApiError(error)} onRetry={() => void refetch()} />
        ) : data ? (
          <>
            <ShareForm slug={workspace.slug} roles={data.roles} />
            <ul aria-label="Shared with" className="rounded-md border border-line">
              {data.result.map((entry) => (
                <Target key={entry.target.id} slug={workspace.slug} entry={entry} roles={data.roles} />
              ))}
            </ul>
          </>
        ) : (
          <SkeletonRows rows={3} label="Loading permissions" />
        )}
      </DialogBody>
    </Dialog>
  );
}

type Roles = PermissionsList["roles"];

function RoleOptions({ roles }: { roles: Roles }) {
  return roles.map(({ name, custom }) => (
    <option key={name} value={name}>
      {custom ? `${name} (custom)` : name}
    </option>
  ));
}

function ShareForm({ slug, roles }: { slug: string; roles: Roles }) {
  const share = useShare(slug);
  const [who, setWho] = useState("");
  const [role, setRole] = useState("viewer");
  const chosen = roles.find(({ name }) => name === role);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const name = who.trim();
    const target = name.startsWith("group:") ? { group: name.slice("group:".length) } : { email: name };
    share.mutate(
      { target, role },
      {
        onSuccess: () => {
          toast.success(`Shared with ${name}`);
          setWho("");
        },
      },
    );
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      {share.error && <ErrorPanel error={share.error} title="Not shared" />}
      <div className="flex flex-wrap items-end gap-2">
        <TextField
          label="Person or group"
          className="min-w-0 flex-1 basis-56"
          required
          spellCheck={false}
          value={who}
          onValueChange={setWho}
        />
        <SelectField label="Role" controlClassName="w-36" value={role} onValueChange={setRole}>
          <RoleOptions roles={roles} />
        </SelectField>
        <Button type="submit" variant="primary" busy={share.isPending} disabled={!who.trim()}>
          Share
        </Button>
      </div>
      {chosen && (
        <p className="text-xs text-pretty text-muted">
          {chosen.name}: {chosen.actions.join(", ") || "no permissions yet, see security.yml"}
        </p>
      )}
    </form>
  );
}

function Target({ slug, entry, roles }: { slug: string; entry: PermissionsView; roles: Roles }) {
  const share = useShare(slug);
  const unshare = useUnshare(slug);
  const { target, permissions } = entry;
  const name = target.displayName ?? target.email ?? target.id;
  const given = permissions.role ?? Object.keys(permissions.policies ?? {}).join(", ");
  const isKnown = roles.some((role) => role.name === permissions.role);
  const fail = (error: Error) => toast.error("The access was not changed", { description: error.message });
  return (
    <li className="flex items-center gap-3 border-b border-line px-3 py-2 last:border-0">
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-1.5 font-medium">
          {target.group && <Users aria-hidden className="size-4 shrink-0 text-muted" />}
          <span className="truncate">{name}</span>
        </p>
        {target.email && target.email !== name && (
          <p className="truncate text-xs text-muted">{target.email}</p>
        )}
      </div>
      <Select
        className="w-36"
        aria-label={`Role of ${name}`}
        value={given}
        disabled={share.isPending}
        onChange={(event) => {
          const role = event.currentTarget.value;
          share.mutate({ target: { id: target.id }, role }, { onError: fail });
        }}
      >
        {!isKnown && <option value={given}>{given}</option>}
        <RoleOptions roles={roles} />
      </Select>
      <Button
        variant="ghost"
        size="icon"
        aria-label={`Stop sharing with ${name}`}
        busy={unshare.isPending}
        onClick={() => {
          unshare.mutate(target.id, {
            onSuccess: () => toast.success(`No longer shared with ${name}`),
            onError: fail,
          });
        }}
      >
        <UserMinus aria-hidden />
      </Button>
    </li>
  );
}
