"use client";

import { useState } from "react";
import { useInviteUser } from "@/lib/client/access";
import { ShownOnce } from "@/components/account/shown-once";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Checkbox } from "@/components/ui/form/field";
import { DialogForm } from "@/components/ui/form/form-dialog";
import { TextField } from "@/components/ui/form/text-field";

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
        : { description: "They get a one-time sign-in link and choose a password when they use it." })}
    >
      {made ? (
        <>
          <DialogBody>
            <ShownOnce
              value={absolute(made.signInPath)}
              label="Sign-in link"
              note="Send it to them yourself. It works once, expires in seven days, and cannot be shown again."
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

  const field = (name: keyof typeof fields) => ({
    value: fields[name],
    onValueChange: (value: string) => {
      setFields((known) => ({ ...known, [name]: value }));
    },
  });

  return (
    <DialogForm
      submit="Invite"
      onSubmit={() => {
        invite.mutate({ ...fields, superAdmin });
      }}
      busy={invite.isPending}
      disabled={!fields.email.trim()}
      error={invite.error}
      failure="Nobody was invited"
    >
      <TextField label="E-mail" type="email" required maxLength={320} {...field("email")} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label="First name" optional maxLength={100} {...field("firstName")} />
        <TextField label="Last name" optional maxLength={100} {...field("lastName")} />
      </div>
      <Checkbox
        label="Super admin"
        hint="Can do everything in every workspace, and manage users."
        checked={superAdmin}
        onChange={(event) => {
          setSuperAdmin(event.currentTarget.checked);
        }}
      />
    </DialogForm>
  );
}
