"use client";

import Link from "next/link";
import { useState } from "react";
import {
  ChevronRight,
  CircleX,
  Download,
  FilePen,
  CornerDownRight,
  Lock,
  RotateCcw,
  Route,
  Tag,
  Upload,
  Zap,
  type LucideIcon,
} from "lucide-react";
import type { Event } from "@/lib/domain/event";
import type { OperationKind } from "@/lib/domain/operation";
import { bulkKindOf } from "@/lib/domain/operation/kinds";
import { cn } from "@/lib/client/cn";
import { clockTime, fullTime } from "@/lib/client/format";
import { usePeople } from "@/lib/client/queries";
import { Button } from "@/components/ui/button";
import { CopyButton, Mono } from "@/components/ui/text";
import { describeEvent, toneOf, type EventTone } from "./describe-event";

const ofKind = (kind: OperationKind) => ({ test: (type: string) => bulkKindOf(type) === kind });

const ICONS: [{ test: (type: string) => boolean }, LucideIcon][] = [
  [/error/, CircleX],
  [/versions\.progress$/, CornerDownRight],
  [/rollback$/, RotateCcw],
  [/versions\./, Tag],
  [ofKind("bulkPush"), Upload],
  [ofKind("bulkImport"), Download],
  [/imported/, Download],
  [/writeLock/, Lock],
  [/updated|created|deleted|configured|installed/, FilePen],
];

const TONES: Record<EventTone, string> = {
  calm: "text-muted",
  good: "text-success",
  bad: "text-danger",
  notable: "text-warning",
};

interface EventRowProps {
  event: Event;
  isNew: boolean;
  /** Shown where several workspaces share a feed. */
  workspace?: { slug: string; name: string } | undefined;
  onRollBack?: (() => void) | undefined;
  onFollow: (correlationId: string) => void;
}

/** One event: a sentence, who and when; opens into the event as it is stored. */
export function EventRow({ event, isNew, workspace, onRollBack, onFollow }: EventRowProps) {
  const [open, setOpen] = useState(false);
  const nameOf = usePeople();
  const Icon = ICONS.find(([pattern]) => pattern.test(event.type))?.[1] ?? Zap;
  const sentence = describeEvent(event);
  // There are many steps and each says little; milestones stand out among them.
  const isStep = event.type === "workspaces.versions.progress";
  const { userId, correlationId } = event.source;
  return (
    <li
      className={cn(
        "border-b border-line [contain-intrinsic-size:auto_44px] [content-visibility:auto] last:border-0",
        isNew && "animate-appear",
      )}
    >
      <div className="flex min-h-11 items-center gap-1 pr-3 hover:bg-hover">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => {
            setOpen(!open);
          }}
          className="focus-inset flex min-h-11 min-w-0 flex-1 flex-wrap items-center gap-x-3 py-1.5 pl-4 text-left sm:flex-nowrap"
        >
          <time
            dateTime={event.createdAt}
            title={fullTime(event.createdAt)}
            className="tabular order-3 shrink-0 text-xs text-muted sm:order-none sm:w-16"
            suppressHydrationWarning
          >
            {clockTime(event.createdAt)}
          </time>
          <Icon aria-hidden className={cn("size-4 shrink-0", TONES[toneOf(event)])} />
          <span className="min-w-0 flex-1 max-sm:line-clamp-3 sm:truncate">
            {workspace && (
              <span className={cn("mr-2 max-sm:block", isStep ? "text-muted" : "font-medium")}>
                <bdi>{workspace.name}</bdi>
              </span>
            )}
            <span className={isStep ? "text-muted" : workspace ? "text-soft" : ""}>{sentence}</span>
          </span>
          <span className="order-4 hidden max-w-40 shrink-0 truncate text-xs text-muted md:inline">
            {userId && nameOf(userId)}
          </span>
          <ChevronRight
            aria-hidden
            className={cn("size-4 shrink-0 text-muted transition-transform md:order-5", open && "rotate-90")}
          />
        </button>
        {onRollBack && (
          <Button size="sm" className="ml-1" aria-label={`Roll back: ${sentence}`} onClick={onRollBack}>
            <RotateCcw aria-hidden />
            Roll back…
          </Button>
        )}
      </div>
      {open && (
        <div className="border-t border-line bg-sunken px-4 py-3">
          <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-xs text-muted">
            <Mono className="text-soft">{event.type}</Mono>
            {workspace && (
              <Link href={`/workspaces/${workspace.slug}`} className="rounded-sm text-accent hover:underline">
                Open {workspace.name}
              </Link>
            )}
            {correlationId && (
              <Button
                variant="ghost"
                size="sm"
                onClick={() => {
                  onFollow(correlationId);
                }}
              >
                <Route aria-hidden />
                Only this chain of events
              </Button>
            )}
            <CopyButton
              className="ml-auto"
              value={JSON.stringify(event, null, 2)}
              label="Copy the event as JSON"
            />
          </div>
          <pre
            tabIndex={0}
            aria-label="The event as JSON"
            className="max-h-96 overflow-auto font-mono text-xs leading-5 whitespace-pre-wrap [overflow-wrap:anywhere]"
          >
            {JSON.stringify(event, null, 2)}
          </pre>
        </div>
      )}
    </li>
  );
}
