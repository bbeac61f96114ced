import Link from "next/link";
import type { ReactNode } from "react";
import { cn } from "@/lib/client/cn";

/** The measure that all pages share. */
export function Page({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <div className={cn("mx-auto w-full max-w-[86rem] px-4 pt-5 pb-24 sm:px-6 lg:px-8 lg:pt-7", className)}>
      {children}
    </div>
  );
}

interface PageHeaderProps {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
}

export function PageHeader({ title, description, actions }: PageHeaderProps) {
  return (
    <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {description && <p className="mt-0.5 max-w-2xl text-pretty text-muted">{description}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}

/** Where a page belongs: its list, and the item of the list that it shows. */
export function Breadcrumb({ href, list, children }: { href: string; list: string; children: ReactNode }) {
  return (
    <nav aria-label="Breadcrumb" className="mb-1.5 text-xs text-muted">
      <Link href={href} className="rounded-sm hover:text-text hover:underline">
        {list}
      </Link>
      <span aria-hidden className="mx-1.5">
        /
      </span>
      {children}
    </nav>
  );
}
