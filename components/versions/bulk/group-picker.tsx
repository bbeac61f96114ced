"use client";

import { Check } from "lucide-react";
import type { PlatformView } from "@/lib/domain/wire/api";
import { cn } from "@/lib/client/cn";
import { count } from "@/lib/client/format";
import { Button } from "@/components/ui/button";

interface GroupPickerProps {
  groups: PlatformView["groups"];
  chosen: readonly string[];
  onChange: (groups: string[]) => void;
  legend: string;
  hint: string;
}

/** Groups as cards to tick, each with how many workspaces it would move. */
export function GroupPicker({ groups, chosen, onChange, legend, hint }: GroupPickerProps) {
  const all = chosen.length === groups.length;
  if (groups.length === 0) {
    return (
      <p className="rounded-md border border-dashed border-control px-4 py-6 text-center text-muted">
        No groups are configured. Set WORKSPACES_GROUP_…_LABELS in the server&apos;s environment.
      </p>
    );
  }
  return (
    <fieldset>
      <div className="mb-2 flex items-baseline gap-2">
        <legend className="float-left font-medium">{legend}</legend>
        <span className="text-xs text-muted">{hint}</span>
        <Button
          variant="ghost"
          size="sm"
          className="ml-auto -my-1"
          onClick={() => {
            onChange(all ? [] : groups.map(({ name }) => name));
          }}
        >
          {all ? "Choose none" : "Choose all"}
        </Button>
      </div>
      <ul className="grid gap-2 sm:grid-cols-2">
        {groups.map(({ name, workspaces, dirty }) => {
          const checked = chosen.includes(name);
          return (
            <li key={name}>
              <label
                className={cn(
                  "flex min-h-14 items-center gap-3 rounded-md border px-3 py-2 transition-colors has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus",
                  checked ? "border-ink bg-hover" : "border-line-strong hover:bg-hover",
                )}
              >
                <span className="relative inline-flex size-4 shrink-0">
                  <input
                    type="checkbox"
                    className="peer size-4 appearance-none rounded-sm border border-control bg-surface outline-none checked:border-ink checked:bg-ink"
                    checked={checked}
                    onChange={() => {
                      onChange(checked ? chosen.filter((other) => other !== name) : [...chosen, name]);
                    }}
                  />
                  <Check
                    aria-hidden
                    strokeWidth={3}
                    className="pointer-events-none absolute inset-0 m-auto size-3 text-on-ink opacity-0 peer-checked:opacity-100"
                  />
                </span>
                <span className="min-w-0">
                  <span className="block truncate font-medium">{name}</span>
                  <span className="tabular block text-xs text-muted">
                    <span className="mr-2 inline-block">{count(workspaces, "workspace")}</span>
                    {dirty > 0 && (
                      <span className="inline-block text-dirty">{count(dirty, "dirty", "dirty")}</span>
                    )}
                  </span>
                </span>
              </label>
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}
