"use client";

import { useResetPassword } from "@/lib/client/access";
import type { UserView } from "@/lib/domain/access";
import { ShownOnce } from "@/components/account/shown-once";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { absolute } from "./invite-dialog";
import { DialogForm } from "@/components/ui/form/form-dialog";

/** Takes a user's password away and shows the link with which they choose a new one. */
export function ResetDialog({ user, onDone }: { user: UserView; onDone: () => void }) {
  const reset = useResetPassword();
  const link = reset.data?.signInPath;
  return (
    <Dialog
      open
      onOpenChange={onDone}
      title={link ? "A new way in" : `Reset the password of ${user.email}?`}
      {...(link
        ? {}
        : {
            description:
              "Their password stops working and every session of theirs ends. You get a link for them.",
          })}
    >
      {link === undefined ? (
        <DialogForm
          submit="Reset password"
          onSubmit={() => {
            reset.mutate(user.id);
          }}
          danger
          busy={reset.isPending}
          error={reset.error}
          failure="The password was not reset"
        />
      ) : (
        <>
          <DialogBody>
            <ShownOnce
              value={absolute(link)}
              label="Sign-in link"
              note="Send it to them yourself. It works once, for a day, and cannot be shown again."
            />
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="primary">Done</Button>
            </DialogClose>
          </DialogFooter>
        </>
      )}
    </Dialog>
  );
}
