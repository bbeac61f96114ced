"use client";

import { Command } from "cmdk";
import { Dialog as Primitive } from "radix-ui";
import { useRouter } from "next/navigation";
import { useTheme } from "next-themes";
import { useDeferredValue, useState, type ReactNode } from "react";
import {
  Box,
  GitBranch,
  Keyboard,
  Moon,
  Plus,
  Search,
  Sun,
  FileArchive,
  KeyRound,
  Upload,
  Download,
  type LucideIcon,
} from "lucide-react";
import { useWorkspaces } from "@/lib/client/queries";
import { WindowContent } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/text";
import { SyncBadge } from "@/components/workspaces/sync-badge";
import { PLACES, useMinorPlaces } from "./places";

interface PaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onHelp: () => void;
}

/** Everything by name: places, actions and workspaces. */
export function CommandPalette({ open, onOpenChange, onHelp }: PaletteProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <WindowContent
          aria-describedby={undefined}
          className="fixed inset-x-3 top-[8vh] z-50 mx-auto max-w-xl animate-rise overflow-hidden rounded-xl bg-raised shadow-pop outline-none sm:top-[14vh]"
        >
          <Primitive.Title className="sr-only">Search</Primitive.Title>
          <Palette
            onDone={() => {
              onOpenChange(false);
            }}
            onHelp={onHelp}
          />
        </WindowContent>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function Palette({ onDone, onHelp }: { onDone: () => void; onHelp: () => void }) {
  const router = useRouter();
  const { resolvedTheme, setTheme } = useTheme();
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState("");
  const wanted = search.trim().toLowerCase();
  const matches = (label: string) => label.toLowerCase().includes(wanted);
  const found = useWorkspaces({ search: useDeferredValue(search.trim()), sort: "name", limit: 8 });
  // The previous search's rows are shown until the response arrives: Enter must never open one of those.
  const workspaces = (found.data ?? []).filter(
    ({ name, slug }) => !found.isPlaceholderData || matches(name) || matches(slug),
  );
  const go = (href: string) => () => {
    onDone();
    router.push(href);
  };
  const actions: [string, LucideIcon, () => void][] = [
    ["Push groups to a repository", Upload, go("/platform")],
    ["Import from a repository", Download, go("/platform?do=import")],
    ["Create a workspace", Plus, go("/?new=true")],
    ["Show platform repositories", GitBranch, go("/platform/repositories")],
    ["Import an archive", FileArchive, go("/?import=true")],
    ["Create an access token", KeyRound, go("/account")],
    [
      resolvedTheme === "dark" ? "Switch to light theme" : "Switch to dark theme",
      resolvedTheme === "dark" ? Sun : Moon,
      () => {
        setTheme(resolvedTheme === "dark" ? "light" : "dark");
        onDone();
      },
    ],
    [
      "Keyboard shortcuts",
      Keyboard,
      () => {
        onDone();
        onHelp();
      },
    ],
  ];
  const minor = useMinorPlaces().map((place) => ({ ...place, keys: "" }));
  const places = [...PLACES.map((place) => ({ ...place, also: "" })), ...minor].filter(
    ({ label, also }) => matches(label) || matches(also),
  );
  const shown = actions.filter(([label]) => matches(label));
  const rows = [
    ...workspaces.map(({ id }) => workspaceRow(id)),
    ...places.map(({ href }) => placeRow(href)),
    ...shown.map(([label]) => actionRow(label)),
  ];

  return (
    <Command
      shouldFilter={false}
      loop
      label="Search workspaces and actions"
      // A chosen row can leave the list when a response arrives: the first one takes over, so Enter always does something.
      value={rows.includes(chosen) ? chosen : (rows[0] ?? "")}
      onValueChange={setChosen}
    >
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Search aria-hidden className="size-4 shrink-0 text-muted" />
        <Command.Input
          autoFocus
          value={search}
          onValueChange={setSearch}
          placeholder="Find a workspace or an action…"
          className="h-12 w-full bg-transparent text-base text-text outline-none placeholder:text-muted"
        />
        <Kbd>Esc</Kbd>
      </div>
      <Command.List className="max-h-[min(24rem,60vh)] overflow-y-auto p-1.5">
        <Command.Empty className="py-10 text-center text-muted">No results for “{search}”.</Command.Empty>
        {workspaces.length > 0 && (
          <Section heading="Workspaces">
            {workspaces.map((workspace) => (
              <Item
                key={workspace.id}
                value={workspaceRow(workspace.id)}
                onSelect={go(`/workspaces/${workspace.slug}`)}
              >
                <Box aria-hidden />
                <span className="min-w-0 flex-1 truncate">
                  <bdi>{workspace.name}</bdi>{" "}
                  <span className="font-mono text-xs text-muted">{workspace.slug}</span>
                </span>
                <SyncBadge workspace={workspace} />
              </Item>
            ))}
          </Section>
        )}
        {places.length > 0 && (
          <Section heading="Go to">
            {places.map(({ href, label, icon: Icon, keys }) => (
              <Item key={href} value={placeRow(href)} onSelect={go(href)}>
                <Icon aria-hidden />
                <span className="flex-1">{label}</span>
                <span className="flex gap-0.5">
                  {keys && keys.split(" ").map((key) => <Kbd key={key}>{key.toUpperCase()}</Kbd>)}
                </span>
              </Item>
            ))}
          </Section>
        )}
        {shown.length > 0 && (
          <Section heading="Actions">
            {shown.map(([label, Icon, run]) => (
              <Item key={label} value={actionRow(label)} onSelect={run}>
                <Icon aria-hidden />
                {label}
              </Item>
            ))}
          </Section>
        )}
      </Command.List>
    </Command>
  );
}

const workspaceRow = (id: string) => `workspace ${id}`;
const placeRow = (href: string) => `place ${href}`;
const actionRow = (label: string) => `action ${label}`;

function Section({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted"
    >
      {children}
    </Command.Group>
  );
}

function Item(props: { value: string; onSelect: () => void; children: ReactNode }) {
  return (
    <Command.Item
      className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm data-[selected=true]:bg-active [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-muted"
      {...props}
    />
  );
}
