"use client";

import { CopyButton } from "@/components/ui/text";

/** A value that is shown this one time, with a button to copy it. */
export function ShownOnce({ value, label, note }: { value: string; label: string; note: string }) {
  return (
    <div className="flex flex-col gap-1.5">
      <p className="text-sm font-medium">{label}</p>
      <div className="flex items-start gap-1 rounded-md border border-line bg-sunken py-1 pr-1 pl-3">
        <code className="min-w-0 flex-1 py-1 font-mono text-xs break-all">{value}</code>
        <CopyButton value={value} label={`Copy: ${label}`} />
      </div>
      <p className="text-xs text-pretty text-muted">{note}</p>
    </div>
  );
}
