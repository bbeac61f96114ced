import Link from "next/link";
import { Boxes } from "lucide-react";
import type { FleetCounts } from "@/lib/domain/wire/api";
import { cn } from "@/lib/client/cn";
import { grouped } from "@/lib/client/format";
import { Skeleton } from "@/components/ui/states";
import { STATUS } from "../sync-badge";

const COUNTERS = ["all", "synced", "dirty", "behind", "conflict", "locked"] as const;

const COLOURS = {
  all: "text-muted",
  synced: "text-synced",
  dirty: "text-dirty",
  behind: "text-behind",
  conflict: "text-conflict",
  locked: "text-locked",
};

interface CountersProps {
  counts: FleetCounts | undefined;
  status: string | undefined;
  href: (part: { status: string | undefined }) => string;
}

/** How many workspaces are in each state; each figure is a filter and a link. */
export function FleetCounters({ counts, status, href }: CountersProps) {
  return (
    <nav
      aria-label="Filter by state"
      className="mb-4 grid grid-cols-3 overflow-clip rounded-lg border border-line bg-surface shadow-card sm:grid-cols-6"
    >
      {COUNTERS.map((key) => {
        const current = key === "all" ? status === undefined : status === key;
        const Icon = key === "all" ? Boxes : STATUS[key].icon;
        const value = counts?.[key];
        return (
          <Link
            key={key}
            href={href({ status: key === "all" || current ? undefined : key })}
            scroll={false}
            aria-current={current ? "true" : undefined}
            className={cn(
              "focus-inset relative border-line px-4 py-3 transition-colors not-nth-[3n+1]:border-l nth-[n+4]:border-t sm:not-first:border-l sm:nth-[n+4]:border-t-0",
              current
                ? "bg-hover after:absolute after:inset-x-0 after:bottom-0 after:h-0.5 after:bg-ink"
                : "hover:bg-hover",
            )}
          >
            {value === undefined ? (
              <Skeleton className="mb-1 h-6 w-9" />
            ) : (
              <span
                className={cn(
                  "tabular block text-xl font-semibold tracking-tight",
                  value === 0 && "text-muted",
                )}
              >
                {grouped(value)}
              </span>
            )}
            <span className="flex items-center gap-1.5 text-xs text-soft">
              <Icon aria-hidden className={cn("size-3.5", COLOURS[key])} />
              {key === "all" ? "All" : STATUS[key].word}
            </span>
          </Link>
        );
      })}
    </nav>
  );
}
