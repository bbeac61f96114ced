"use client";

import { useState, type SubmitEvent } from "react";
import { toast } from "sonner";
import { useChangePassword } from "@/lib/client/access";
import { Button } from "@/components/ui/button";
import { ErrorPanel } from "@/components/ui/states";
import { Card, CardHeader } from "@/components/ui/text";
import { TextField } from "@/components/ui/form/text-field";

const SHORTEST = 10;

/** Changes one's own password; the other sessions end. */
export function PasswordCard({ email }: { email: string }) {
  const change = useChangePassword();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    change.mutate(
      { ...(current ? { currentPassword: current } : {}), newPassword: next },
      {
        onSuccess: () => {
          toast.success("Your password was changed", { description: "Your other sessions ended." });
          setCurrent("");
          setNext("");
        },
      },
    );
  }

  return (
    <Card>
      <CardHeader title="Password" />
      <form onSubmit={submit} className="flex flex-col gap-4 p-4">
        {change.error && <ErrorPanel error={change.error} title="The password was not changed" />}
        {/* For password managers, which store a password with the account it belongs to. */}
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label="Current password"
            hint="Leave it empty if you have never set one."
            type="password"
            autoComplete="current-password"
            value={current}
            onValueChange={setCurrent}
          />
          <TextField
            label="New password"
            hint={`At least ${String(SHORTEST)} characters.`}
            type="password"
            autoComplete="new-password"
            required
            minLength={SHORTEST}
            maxLength={1000}
            value={next}
            onValueChange={setNext}
          />
        </div>
        <div className="flex justify-end">
          <Button type="submit" variant="primary" busy={change.isPending} disabled={next.length < SHORTEST}>
            Change password
          </Button>
        </div>
      </form>
    </Card>
  );
}
