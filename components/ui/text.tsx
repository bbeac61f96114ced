"use client";

import type { ComponentProps, ReactNode } from "react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { Check, Copy } from "lucide-react";
import { cn } from "@/lib/client/cn";
import { Button } from "./button";

/** A key of the keyboard. */
export function Kbd({ className, ...props }: ComponentProps<"kbd">) {
  return (
    <kbd
      className={cn(
        "inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-sm border border-line-strong bg-surface px-1 font-sans text-2xs font-medium text-muted",
        className,
      )}
      {...props}
    />
  );
}

const never = () => () => undefined;

/** The key for commands, as it is called on this machine's keyboard. */
export function useCommandKey(): string {
  return useSyncExternalStore(
    never,
    () => (/mac|iphone|ipad/i.test(navigator.userAgent) ? "⌘" : "Ctrl"),
    () => "Ctrl",
  );
}

/** Names, ids and paths: what a machine reads. */
export function Mono({ className, ...props }: ComponentProps<"span">) {
  return <span className={cn("font-mono text-[0.94em]", className)} {...props} />;
}

/** Copies `value` and says that it did. */
export function CopyButton({
  value,
  label,
  className,
}: {
  value: string;
  label: string;
  className?: string;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => {
      setCopied(false);
    }, 1600);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);
  return (
    <Button
      variant="ghost"
      size="icon-sm"
      className={className}
      aria-label={copied ? "Copied" : label}
      title={label}
      onClick={() => {
        void navigator.clipboard.writeText(value).then(() => {
          setCopied(true);
        });
      }}
    >
      {copied ? <Check aria-hidden className="text-success" /> : <Copy aria-hidden />}
    </Button>
  );
}

/** Commands to run elsewhere, each line as typed, with one button to copy all. */
export function Commands({ lines, className }: { lines: string[]; className?: string }) {
  return (
    <div className={cn("relative rounded-md border border-line bg-sunken", className)}>
      <pre
        tabIndex={0}
        aria-label="Commands"
        className="overflow-x-auto py-2.5 pr-11 pl-3 font-mono text-xs leading-5 text-text"
      >
        {lines.join("\n")}
      </pre>
      <CopyButton
        value={lines.join("\n")}
        label="Copy commands"
        className="absolute top-1 right-1 bg-sunken"
      />
    </div>
  );
}

/** A panel with a crisp edge, which contains most content. */
export function Card({ className, ...props }: ComponentProps<"section">) {
  return (
    <section className={cn("rounded-lg border border-line bg-surface shadow-card", className)} {...props} />
  );
}

export function CardHeader({
  title,
  children,
  level: Heading = "h2",
}: {
  title: ReactNode;
  children?: ReactNode;
  level?: "h2" | "h3";
}) {
  return (
    <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2">
      <Heading className="text-sm font-semibold">{title}</Heading>
      {children && <div className="ml-auto flex flex-wrap items-center gap-2">{children}</div>}
    </header>
  );
}
