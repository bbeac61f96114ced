"use client";

import { useState, type FormEvent } from "react";
import { useInviteUser } from "@/lib/client/access";
import { ShownOnce } from "@/components/account/shown-once";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Checkbox, Field, Input } from "@/components/ui/field";
import { ErrorPanel } from "@/components/ui/states";

/** The whole address of a path that the server answered. */
export const absolute = (path: string | undefined) => (path ? window.location.origin + path : "");

/** Makes an account and shows the link that signs its owner in once. */
export function InviteDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const invite = useInviteUser();
  const made = invite.data;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={made ? `${made.email} is invited` : "Invite user"}
      {...(made
        ? {}
        : { description: "They get a link that signs them in once and choose a password then." })}
    >
      {made ? (
        <>
          <DialogBody>
            <ShownOnce
              value={absolute(made.signInPath)}
              label="Sign-in link"
              note="Send it to them yourself. It works once, for seven days, and cannot be shown again."
            />
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="primary">Done</Button>
            </DialogClose>
          </DialogFooter>
        </>
      ) : (
        <InviteForm invite={invite} />
      )}
    </Dialog>
  );
}

function InviteForm({ invite }: { invite: ReturnType<typeof useInviteUser> }) {
  const [fields, setFields] = useState({ email: "", firstName: "", lastName: "" });
  const [superAdmin, setSuperAdmin] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    invite.mutate({ ...fields, superAdmin });
  }

  const input = (name: keyof typeof fields) => ({
    value: fields[name],
    autoComplete: "off",
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setFields((known) => ({ ...known, [name]: value }));
    },
  });

  return (
    <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
      <DialogBody className="flex flex-col gap-4">
        {invite.error && <ErrorPanel error={invite.error} title="Nobody was invited" />}
        <Field label="E-mail">
          {(control) => <Input {...control} type="email" required maxLength={320} {...input("email")} />}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="First name" optional>
            {(control) => <Input {...control} maxLength={100} {...input("firstName")} />}
          </Field>
          <Field label="Last name" optional>
            {(control) => <Input {...control} maxLength={100} {...input("lastName")} />}
          </Field>
        </div>
        <Checkbox
          label="Super admin"
          hint="May do everything in every workspace, and look after users."
          checked={superAdmin}
          onChange={(event) => {
            setSuperAdmin(event.currentTarget.checked);
          }}
        />
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={invite.isPending} disabled={!fields.email.trim()}>
          Invite
        </Button>
      </DialogFooter>
    </form>
  );
}
