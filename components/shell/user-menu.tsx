"use client";

import Link from "next/link";
import { useTheme } from "next-themes";
import { ChevronsUpDown, Keyboard, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { toast } from "sonner";
import { leaveFor, toApiError } from "@/lib/client/api";
import { call } from "@/lib/client/api/call";
import { session } from "@/lib/contract/people";
import { useMe } from "@/lib/client/queries";
import { cn } from "@/lib/client/cn";
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from "@/components/ui/menu";
import { Skeleton } from "@/components/ui/states";
import { useMinorPlaces } from "./places";

function initials(name: string): string {
  const [first = "", second = ""] = name.split(/[\s@.]+/);
  return `${first.charAt(0)}${second.charAt(0)}`.toUpperCase();
}

function useSignOut(): () => void {
  return () => {
    call(session.signOut).then(
      () => {
        leaveFor("/sign-in");
      },
      (error: unknown) => {
        toast.error("You were not signed out", { description: toApiError(error).message });
      },
    );
  };
}

/** Who is signed in, the theme, help and the way out. */
export function UserMenu({ onHelp, compact = false }: { onHelp: () => void; compact?: boolean }) {
  const { data: me } = useMe();
  const { theme, setTheme } = useTheme();
  const signOut = useSignOut();
  const places = useMinorPlaces();
  if (!me) return <Skeleton className={compact ? "size-8" : "h-10 w-full"} />;
  const name = `${me.firstName} ${me.lastName}`.trim() || me.email;
  return (
    <Menu>
      <MenuTrigger
        aria-label={`Account: ${me.email}`}
        className={cn(
          "flex items-center gap-2.5 rounded-md text-left transition-colors hover:bg-hover data-[state=open]:bg-hover",
          compact ? "p-1" : "w-full p-1.5",
        )}
      >
        <span
          aria-hidden
          className="inline-flex size-7 shrink-0 items-center justify-center rounded-md bg-active text-2xs font-semibold text-soft"
        >
          {initials(name)}
        </span>
        {!compact && (
          <>
            <span className="min-w-0 flex-1">
              <span className="block truncate text-sm leading-4 font-medium">{name}</span>
              <span className="block truncate text-xs text-muted">{me.email}</span>
            </span>
            <ChevronsUpDown aria-hidden className="size-3.5 text-muted" />
          </>
        )}
      </MenuTrigger>
      <MenuContent align={compact ? "end" : "start"} className="w-52">
        <MenuLabel className="truncate">
          {me.email}
          {me.superAdmin && <span className="block">Super admin</span>}
        </MenuLabel>
        <MenuSeparator />
        {places.map(({ href, label, icon: Icon }) => (
          <MenuItem key={href} asChild>
            <Link href={href}>
              <Icon aria-hidden />
              {label}
            </Link>
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuLabel>Theme</MenuLabel>
        <MenuRadioGroup value={theme ?? "system"} onValueChange={setTheme}>
          <MenuRadioItem value="system">
            <Monitor aria-hidden />
            System
          </MenuRadioItem>
          <MenuRadioItem value="light">
            <Sun aria-hidden />
            Light
          </MenuRadioItem>
          <MenuRadioItem value="dark">
            <Moon aria-hidden />
            Dark
          </MenuRadioItem>
        </MenuRadioGroup>
        <MenuSeparator />
        <MenuItem onSelect={onHelp}>
          <Keyboard aria-hidden />
          Keyboard shortcuts
        </MenuItem>
        <MenuItem onSelect={signOut}>
          <LogOut aria-hidden />
          Sign out
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}
