"use client";

import { useResetPassword } from "@/lib/client/access";
import type { UserView } from "@/lib/domain/access";
import { ShownOnce } from "@/components/account/shown-once";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { ErrorPanel } from "@/components/ui/states";
import { absolute } from "./invite-dialog";

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
      {(link !== undefined || reset.error) && (
        <DialogBody>
          {reset.error && <ErrorPanel error={reset.error} title="The password was not reset" />}
          {link !== undefined && (
            <ShownOnce
              value={absolute(link)}
              label="Sign-in link"
              note="Send it to them yourself. It works once, for a day, and cannot be shown again."
            />
          )}
        </DialogBody>
      )}
      <DialogFooter>
        {link === undefined ? (
          <>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button
              variant="danger"
              busy={reset.isPending}
              onClick={() => {
                reset.mutate(user.id);
              }}
            >
              Reset password
            </Button>
          </>
        ) : (
          <DialogClose asChild>
            <Button variant="primary">Done</Button>
          </DialogClose>
        )}
      </DialogFooter>
    </Dialog>
  );
}
