import type { ComponentProps } from "react";
import { ChevronsUpDown } from "lucide-react";
import { cn } from "@/lib/client/cn";

/** The platform's own list box, dressed: works on a phone and with any keyboard. */
export function Select({ className, children, ...props }: ComponentProps<"select">) {
  return (
    <span className={cn("relative inline-flex", className)}>
      <select
        className="h-8 w-full appearance-none truncate rounded-md border border-control bg-surface pr-8 pl-2.5 text-base text-text transition-[border-color] hover:border-muted focus-visible:border-focus focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:opacity-60 sm:text-sm"
        {...props}
      >
        {children}
      </select>
      <ChevronsUpDown
        aria-hidden
        className="pointer-events-none absolute inset-y-0 right-2 my-auto size-3.5 text-muted"
      />
    </span>
  );
}
