"use client";

import { Ellipsis, KeyRound, LogOut, ShieldCheck, ShieldOff, UserCheck, UserX } from "lucide-react";
import { toast } from "sonner";
import { usePatchUser, useSignOutUser } from "@/lib/client/access";
import { useMe } from "@/lib/client/queries";
import type { UserView } from "@/lib/domain/access";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from "@/components/ui/menu";
import { RelativeTime } from "@/components/ui/time";

/** An account, how its owner signs in, and what to do with it. */
export function UserRow({ user, onReset }: { user: UserView; onReset: () => void }) {
  const { email, firstName, lastName, superAdmin, disabled, hasOidc, hasPassword, lastSeenAt } = user;
  const name = `${firstName} ${lastName}`.trim();
  return (
    <li className="flex items-center gap-x-4 border-b border-line px-4 py-3 last:border-0">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
          <span className="break-all">{name || email}</span>
          {superAdmin && <Badge tone="info">super admin</Badge>}
          {disabled && <Badge tone="danger">disabled</Badge>}
          {!disabled && !hasPassword && !hasOidc && <Badge tone="warning">invited</Badge>}
          {hasOidc && <Badge tone="outline">single sign-on</Badge>}
        </p>
        <p className="mt-0.5 text-xs break-all text-muted">
          {name && `${email} · `}
          {lastSeenAt ? (
            <>
              last seen <RelativeTime at={lastSeenAt} />
            </>
          ) : (
            "never signed in"
          )}
        </p>
      </div>
      <UserActions user={user} onReset={onReset} />
    </li>
  );
}

function UserActions({ user, onReset }: { user: UserView; onReset: () => void }) {
  const { id, email, superAdmin, disabled } = user;
  const { data: me } = useMe();
  const patch = usePatchUser();
  const signOut = useSignOutUser();
  const told = (done: string, failed: string) => ({
    onSuccess: () => toast.success(`${email} ${done}`),
    onError: (error: Error) => toast.error(`${email} ${failed}`, { description: error.message }),
  });
  const isSelf = me?.id === id;
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button variant="ghost" size="icon" aria-label={`Actions for ${email}`}>
          <Ellipsis aria-hidden />
        </Button>
      </MenuTrigger>
      <MenuContent align="end" className="w-56">
        <MenuItem onSelect={onReset}>
          <KeyRound aria-hidden />
          Reset password…
        </MenuItem>
        <MenuItem
          onSelect={() => {
            signOut.mutate(id, told("is signed out everywhere", "was not signed out"));
          }}
        >
          <LogOut aria-hidden />
          Sign out everywhere
        </MenuItem>
        <MenuSeparator />
        <MenuItem
          disabled={isSelf}
          onSelect={() => {
            patch.mutate(
              { id, superAdmin: !superAdmin },
              told(superAdmin ? "is no longer a super admin" : "is a super admin", "was not changed"),
            );
          }}
        >
          {superAdmin ? <ShieldOff aria-hidden /> : <ShieldCheck aria-hidden />}
          {superAdmin ? "Remove super admin" : "Make super admin"}
        </MenuItem>
        <MenuItem
          disabled={isSelf}
          onSelect={() => {
            patch.mutate(
              { id, disabled: !disabled },
              disabled
                ? told("can sign in again", "was not enabled")
                : told("can no longer sign in", "was not disabled"),
            );
          }}
        >
          {disabled ? <UserCheck aria-hidden /> : <UserX aria-hidden />}
          {disabled ? "Enable" : "Disable"}
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}
