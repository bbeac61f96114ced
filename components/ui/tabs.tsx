"use client";

import type { ComponentProps, ReactNode } from "react";
import Link from "next/link";
import { Tabs as Primitive } from "radix-ui";
import { cn } from "@/lib/client/cn";

export const Tabs = Primitive.Root;
export const TabPanel = Primitive.Content;

const BAR = "flex gap-1 overflow-x-auto border-b border-line [scrollbar-width:none]";
const TAB =
  "focus-inset relative -mb-px inline-flex h-10 shrink-0 items-center gap-1.5 rounded-t-sm border-b-2 border-transparent px-2.5 text-sm font-medium text-muted transition-colors hover:text-text aria-[current=page]:border-ink aria-[current=page]:text-text data-[state=active]:border-ink data-[state=active]:text-text";

/** Panels of one page. */
export function TabList({ className, ...props }: ComponentProps<typeof Primitive.List>) {
  return <Primitive.List className={cn(BAR, className)} {...props} />;
}

export function Tab({ className, ...props }: ComponentProps<typeof Primitive.Trigger>) {
  return <Primitive.Trigger className={cn(TAB, className)} {...props} />;
}

/** Pages that belong together, each with its own address. */
export function TabNav({
  label,
  className,
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <nav aria-label={label} className={cn(BAR, className)}>
      {children}
    </nav>
  );
}

export function TabLink({
  current,
  className,
  ...props
}: ComponentProps<typeof Link> & { current: boolean }) {
  return <Link aria-current={current ? "page" : undefined} className={cn(TAB, className)} {...props} />;
}
