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
      title={link ? "New sign-in link" : `Reset the password of ${user.email}?`}
      {...(link
        ? {}
        : {
            description:
              "Their password stops working and all their sessions end. You get a sign-in link to send them.",
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
              note="Send it to them yourself. It works once, expires in a day, and cannot be shown again."
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
