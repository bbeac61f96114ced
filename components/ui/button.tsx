import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { LoaderCircle } from "lucide-react";
import { cn } from "@/lib/client/cn";

const BASE =
  "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50 [&_svg]:shrink-0";

const VARIANTS = {
  primary: "bg-ink text-on-ink not-disabled:hover:bg-ink-hover",
  secondary:
    "border border-line-strong bg-surface text-text shadow-card not-disabled:hover:bg-hover data-[state=open]:bg-hover",
  ghost: "text-soft not-disabled:hover:bg-hover not-disabled:hover:text-text data-[state=open]:bg-hover",
  danger: "bg-danger-fill text-on-danger not-disabled:hover:bg-danger-hover",
  "danger-quiet": "border border-danger-line bg-surface text-danger not-disabled:hover:bg-danger-soft",
};

const SIZES = {
  sm: "h-7 px-2.5 text-xs [&_svg]:size-3.5",
  md: "h-8 px-3 text-sm [&_svg]:size-4",
  lg: "h-10 px-4 text-base [&_svg]:size-4",
  icon: "size-8 text-sm [&_svg]:size-4",
  "icon-sm": "size-7 text-xs [&_svg]:size-4",
};

interface Look {
  variant?: keyof typeof VARIANTS | undefined;
  size?: keyof typeof SIZES | undefined;
}

/** The classes of a button, for what must look like one. */
export function buttonClass({ variant = "secondary", size = "md" }: Look = {}, className?: string): string {
  return cn(BASE, VARIANTS[variant], SIZES[size], className);
}

export type ButtonProps = ComponentProps<"button"> & Look & { busy?: boolean };

/** A button; `busy` shows a spinner and refuses clicks while keeping its place in the tab order. */
export function Button({ variant, size, busy = false, className, children, onClick, ...props }: ButtonProps) {
  return (
    <button
      type="button"
      className={buttonClass({ variant, size }, className)}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={
        busy
          ? (event) => {
              event.preventDefault();
            }
          : onClick
      }
      {...props}
    >
      {busy && <LoaderCircle aria-hidden className="animate-turn" />}
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({
  variant,
  size,
  className,
  ...props
}: ComponentProps<typeof Link> & Look & { children: ReactNode }) {
  return <Link className={buttonClass({ variant, size }, className)} {...props} />;
}
