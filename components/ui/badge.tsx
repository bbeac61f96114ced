import type { ComponentProps, ReactNode } from "react";
import type { LucideIcon } from "lucide-react";
import { cn } from "@/lib/client/cn";
import { grouped } from "@/lib/client/format";

const TONES = {
  neutral: "bg-active text-soft",
  outline: "border border-line-strong text-soft",
  success: "bg-success-soft text-success",
  warning: "bg-warning-soft text-warning",
  danger: "bg-danger-soft text-danger",
  info: "bg-info-soft text-info",
  synced: "bg-synced-soft text-synced",
  dirty: "bg-dirty-soft text-dirty",
  behind: "bg-behind-soft text-behind",
  diverged: "bg-diverged-soft text-diverged",
  conflict: "bg-conflict-soft text-conflict",
  locked: "bg-locked-soft text-locked",
  unknown: "bg-unknown-soft text-unknown",
};

export type Tone = keyof typeof TONES;

/** A short word with a colour and, for a state, an icon: never colour alone. */
export function Badge({
  tone = "neutral",
  icon: Icon,
  spinning = false,
  className,
  children,
  ...props
}: ComponentProps<"span"> & { tone?: Tone; icon?: LucideIcon; spinning?: boolean; children: ReactNode }) {
  return (
    <span
      className={cn(
        "inline-flex h-5 max-w-full items-center gap-1 align-middle rounded-sm px-1.5 text-xs font-medium whitespace-nowrap",
        TONES[tone],
        className,
      )}
      {...props}
    >
      {Icon && <Icon aria-hidden className={cn("size-3.5 shrink-0", spinning && "animate-turn")} />}
      <span className="truncate">{children}</span>
    </span>
  );
}

/** A number beside a label: the count of a tab or a filter. */
export function Count({ children, strong = false }: { children: ReactNode; strong?: boolean }) {
  return (
    <span
      className={cn(
        "inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-sm px-1 text-2xs font-medium tabular",
        strong ? "bg-ink text-on-ink" : "bg-active text-soft",
      )}
    >
      {typeof children === "number" ? grouped(children) : children}
    </span>
  );
}
