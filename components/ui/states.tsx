import type { ComponentProps, ReactNode } from "react";
import type { LucideIcon } from "lucide-react";
import { CircleX, RefreshCw } from "lucide-react";
import { cn } from "@/lib/client/cn";
import { Button } from "./button";

/** A grey shape of the final size while data is on its way. */
export function Skeleton({ className, ...props }: ComponentProps<"div">) {
  return <div aria-hidden className={cn("animate-shimmer rounded-sm bg-active", className)} {...props} />;
}

/** Rows of a list that is loading; says so once to assistive technology. */
export function SkeletonRows({
  rows = 6,
  height = 48,
  label,
}: {
  rows?: number;
  height?: number;
  label: string;
}) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        <div
          key={index}
          style={{ height }}
          className="flex items-center gap-4 border-b border-line px-4 last:border-0"
        >
          <Skeleton className="h-3.5" style={{ width: `${String(18 + ((index * 7) % 14))}%` }} />
          <Skeleton className="h-3.5 w-16" />
          <Skeleton className="ml-auto h-3.5 w-24" />
        </div>
      ))}
    </div>
  );
}

interface EmptyProps {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}

/** Why there is nothing, and the one thing to do about it. */
export function EmptyState({ icon: Icon, title, children, action, className }: EmptyProps) {
  return (
    <div className={cn("flex flex-col items-center px-6 py-14 text-center", className)}>
      <span className="mb-4 inline-flex size-10 items-center justify-center rounded-lg border border-line bg-surface text-muted shadow-card">
        <Icon aria-hidden className="size-5" />
      </span>
      <p className="text-base font-semibold">{title}</p>
      {children && <div className="mt-1 max-w-md text-sm text-pretty text-muted">{children}</div>}
      {action && <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

interface ErrorProps {
  error: { message: string; code?: string };
  title?: string;
  onRetry?: () => void;
  /** The button that mends it, where there is one. */
  action?: ReactNode;
  className?: string;
}

/** What happened, its code, and a way on. */
export function ErrorPanel({
  error,
  title = "This cannot be shown",
  onRetry,
  action,
  className,
}: ErrorProps) {
  return (
    <div
      role="alert"
      className={cn("flex gap-3 rounded-lg border border-danger-line bg-danger-soft p-4", className)}
    >
      <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2 font-semibold text-danger">
          {title}
          {error.code && <code className="font-mono text-xs font-normal">{error.code}</code>}
        </p>
        <p className="mt-1 text-pretty break-words text-text">{error.message}</p>
        {(onRetry ?? action) && (
          <div className="mt-3 flex flex-wrap gap-2">
            {action}
            {onRetry && (
              <Button size="sm" onClick={onRetry}>
                <RefreshCw aria-hidden />
                Try again
              </Button>
            )}
          </div>
        )}
      </div>
    </div>
  );
}

const NOTICES = {
  info: "border-info-line bg-info-soft",
  warning: "border-warning-line bg-warning-soft",
  danger: "border-danger-line bg-danger-soft",
  success: "border-success-line bg-success-soft",
  neutral: "border-line bg-sunken",
};
const NOTICE_ICONS = {
  info: "text-info",
  warning: "text-warning",
  danger: "text-danger",
  success: "text-success",
  neutral: "text-muted",
};

interface NoticeProps extends Omit<ComponentProps<"div">, "title"> {
  tone: keyof typeof NOTICES;
  icon: LucideIcon;
  title: ReactNode;
  action?: ReactNode;
}

/** A standing remark about the page: a lock, a conflict, a rollback. */
export function Notice({ tone, icon: Icon, title, action, className, children, ...props }: NoticeProps) {
  return (
    <div
      className={cn(
        "flex flex-wrap items-start gap-x-3 gap-y-3 rounded-lg border px-4 py-3",
        NOTICES[tone],
        className,
      )}
      {...props}
    >
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", NOTICE_ICONS[tone])} />
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-semibold text-pretty">{title}</p>
        {children && <div className="mt-0.5 text-pretty text-soft">{children}</div>}
      </div>
      {action && <div className="flex flex-wrap gap-2">{action}</div>}
    </div>
  );
}
