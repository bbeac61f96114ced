"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { Menu as MenuIcon, Search } from "lucide-react";
import { isRunning } from "@/lib/client/operations/operation-view";
import { useOperations } from "@/lib/client/queries";
import { cn } from "@/lib/client/cn";
import { Count } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/components/ui/menu";
import { Kbd, useCommandKey } from "@/components/ui/text";
import { EnvironmentName } from "./environment";
import { Logo } from "./logo";
import { PLACES, type Place } from "./places";
import { UserMenu } from "./user-menu";

function useRunningCount(): number {
  const { data = [] } = useOperations({ limit: 20 });
  return data.filter(isRunning).length;
}

function PlaceLink({ place, running }: { place: Place; running: number }) {
  const path = usePathname();
  const current = place.owns(path);
  const Icon = place.icon;
  return (
    <Link
      href={place.href}
      aria-current={current ? "page" : undefined}
      className={cn(
        "group flex h-8 items-center gap-2.5 rounded-md px-2 text-sm font-medium transition-colors",
        current ? "bg-active text-text" : "text-soft hover:bg-hover hover:text-text",
      )}
    >
      <Icon aria-hidden className={cn("size-4 shrink-0", current ? "text-text" : "text-muted")} />
      <span className="flex-1">{place.label}</span>
      {place.href === "/operations" && running > 0 ? (
        <Count strong>
          {running}
          <span className="sr-only"> running</span>
        </Count>
      ) : (
        <span aria-hidden className="hidden gap-0.5 group-hover:flex group-focus-visible:flex">
          {place.keys.split(" ").map((key) => (
            <Kbd key={key}>{key.toUpperCase()}</Kbd>
          ))}
        </span>
      )}
    </Link>
  );
}

/** Navigation of wide windows. */
export function Sidebar({ onSearch, onHelp }: { onSearch: () => void; onHelp: () => void }) {
  const running = useRunningCount();
  const commandKey = useCommandKey();
  return (
    <aside className="sticky top-[3px] hidden h-[calc(100dvh-3px)] w-56 shrink-0 flex-col border-r border-line bg-sunken px-3 pt-4 pb-3 lg:flex">
      <Link href="/" className="mb-4 flex items-center gap-2.5 rounded-md px-1.5">
        <Logo className="size-7 shrink-0" />
        <span className="flex min-w-0 flex-col">
          <span className="leading-4 font-semibold tracking-tight">Switchyard</span>
          <EnvironmentName />
        </span>
      </Link>
      <button
        type="button"
        onClick={onSearch}
        className="mb-4 flex h-8 items-center gap-2 rounded-md border border-line-strong bg-surface px-2 text-sm text-muted shadow-card transition-colors hover:bg-hover hover:text-text"
      >
        <Search aria-hidden className="size-4" />
        <span className="flex-1 text-left">Search</span>
        <Kbd>{commandKey} K</Kbd>
      </button>
      <nav aria-label="Main" className="flex flex-col gap-0.5">
        {PLACES.map((place) => (
          <PlaceLink key={place.href} place={place} running={running} />
        ))}
      </nav>
      <div className="mt-auto">
        <UserMenu onHelp={onHelp} />
      </div>
    </aside>
  );
}

/** Navigation of narrow windows. */
export function TopBar({ onSearch, onHelp }: { onSearch: () => void; onHelp: () => void }) {
  const path = usePathname();
  const running = useRunningCount();
  return (
    <header className="sticky top-[3px] z-20 flex h-13 items-center gap-2 border-b border-line bg-sunken px-3 lg:hidden">
      <Link href="/" aria-label="Fleet" className="flex min-w-0 items-center gap-2.5 rounded-md px-1">
        <Logo className="size-7 shrink-0" />
        <EnvironmentName />
      </Link>
      <div className="ml-auto flex items-center gap-1">
        <Button variant="ghost" size="icon" aria-label="Search" onClick={onSearch}>
          <Search aria-hidden />
        </Button>
        <UserMenu onHelp={onHelp} compact />
        <Menu>
          <MenuTrigger asChild>
            <Button variant="ghost" size="icon" aria-label="Menu">
              <MenuIcon aria-hidden />
            </Button>
          </MenuTrigger>
          <MenuContent align="end" className="w-56">
            {PLACES.map(({ href, label, icon: Icon, owns }) => (
              <MenuItem key={href} asChild>
                <Link href={href} aria-current={owns(path) ? "page" : undefined} className="min-h-10">
                  <Icon aria-hidden />
                  <span className="flex-1">{label}</span>
                  {href === "/operations" && running > 0 && <Count strong>{running}</Count>}
                </Link>
              </MenuItem>
            ))}
          </MenuContent>
        </Menu>
      </div>
    </header>
  );
}
