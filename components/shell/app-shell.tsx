"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState, type ReactNode } from "react";
import { OperationNotices } from "@/components/operations/notices";
import { CommandPalette } from "./command-palette";
import { EnvironmentContext, EnvironmentStripe, type Environment } from "./environment";
import { HelpDialog } from "./help-dialog";
import { LineNotice } from "./line-notice";
import { Sidebar, TopBar } from "./navigation";
import { PLACES } from "./places";
import { useHotkeys } from "./use-hotkeys";

function focusFilter(): void {
  document.querySelector<HTMLInputElement>("[data-filter]")?.focus();
}

/** The frame around every page of the console. */
export function AppShell({ environment, children }: { environment: Environment; children: ReactNode }) {
  const router = useRouter();
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);

  useHotkeys({
    "/": focusFilter,
    "?": () => {
      setHelp(true);
    },
    ...Object.fromEntries(
      PLACES.map(({ keys, href }) => [
        keys,
        () => {
          router.push(href);
        },
      ]),
    ),
  });

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.altKey) return;
      event.preventDefault();
      setPalette((open) => !open);
    };
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
    };
  }, []);

  const openPalette = () => {
    setPalette(true);
  };
  const openHelp = () => {
    setHelp(true);
  };
  return (
    <EnvironmentContext value={environment}>
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-ink px-3 py-2 text-on-ink focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        Skip to content
      </a>
      <EnvironmentStripe environment={environment} />
      <div className="flex min-h-[calc(100dvh-3px)] flex-col lg:flex-row">
        <Sidebar onSearch={openPalette} onHelp={openHelp} />
        <TopBar onSearch={openPalette} onHelp={openHelp} />
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
          {children}
        </main>
      </div>
      <LineNotice />
      <OperationNotices />
      <CommandPalette open={palette} onOpenChange={setPalette} onHelp={openHelp} />
      <HelpDialog open={help} onOpenChange={setHelp} />
    </EnvironmentContext>
  );
}
