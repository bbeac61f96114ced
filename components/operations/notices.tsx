"use client";

import { useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { useEffect } from "react";
import { LoaderCircle, X } from "lucide-react";
import { toast } from "sonner";
import type { Operation } from "@/lib/domain/operation";
import { OPERATIONS } from "@/lib/domain/operation/kinds";
import { refresh } from "@/lib/client/mutations";
import { isRunning, operationSubject, tally } from "@/lib/client/operations/operation-view";
import { useOperations } from "@/lib/client/queries";
import { useOperation } from "@/lib/client/operations/use-operation";
import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { Timer } from "@/components/ui/time";
import { settleOperation, trackOperation, useTracked } from "./notice-store";
import { operationHeadline } from "./outcome";

// Each notification holds one of the few connections a browser opens to a host.
const SHOWN = 3;

/** Running operations in the corner of every page, and word of how they ended. */
export function OperationNotices() {
  const { data = [] } = useOperations({ limit: 20 });
  const tracked = useTracked();
  useEffect(() => {
    for (const operation of data) if (isRunning(operation)) trackOperation(operation.id);
  }, [data]);
  if (tracked.length === 0) return null;
  return (
    <section
      aria-label="Running operations"
      className="pointer-events-none fixed right-4 bottom-4 left-4 z-30 flex flex-col gap-2 sm:left-auto sm:w-88"
    >
      {tracked.slice(0, SHOWN).map((id) => (
        <OperationNotice key={id} id={id} listed={data.find((operation) => operation.id === id)} />
      ))}
    </section>
  );
}

function useEnding(id: string): void {
  const { operation } = useOperation(id);
  const client = useQueryClient();
  const router = useRouter();
  const path = usePathname();
  // These two pages show how it ended themselves.
  const seen = path === `/operations/${id}` || path === `/workspaces/${operation?.workspaceSlug ?? ""}/sync`;
  useEffect(() => {
    if (!operation || isRunning(operation)) return;
    settleOperation(id);
    void refresh(client);
    if (seen) return;
    const action = {
      label: "View",
      onClick: () => {
        router.push(`/operations/${id}`);
      },
    };
    const [error] = operation.errors;
    if (operation.outcome === "succeeded") {
      toast.success(operationHeadline(operation), { id, action });
    } else {
      const say = operation.outcome === "partial" ? toast.warning : toast.error;
      say(operationHeadline(operation), {
        id,
        action,
        duration: operation.outcome === "cancelled" ? 6000 : 30_000,
        ...(error ? { description: error.message } : {}),
      });
    }
  }, [client, id, operation, router, seen]);
}

function OperationNotice({ id, listed }: { id: string; listed: Operation | undefined }) {
  const { operation: followed, view } = useOperation(id);
  const operation = followed ?? listed;
  const path = usePathname();
  useEnding(id);
  if (!operation || path === `/operations/${id}`) return null;
  const progress = tally(view);
  const step = view.rows.length > 0 ? progress.text : (view.steps.at(-1)?.message ?? "Starting");
  const title = `${OPERATIONS[operation.kind].words.running} ${operationSubject(operation)}`;
  return (
    <article className="pointer-events-auto animate-rise rounded-lg bg-raised p-3 text-sm shadow-pop">
      <div className="flex items-start gap-2.5">
        <LoaderCircle aria-hidden className="mt-0.5 size-4 shrink-0 animate-turn text-info" />
        <div className="min-w-0 flex-1">
          <Link href={`/operations/${id}`} className="block truncate rounded-sm font-medium hover:underline">
            {title}
          </Link>
          <div className="flex items-baseline gap-2 text-xs text-muted">
            <span role="status" className="min-w-0 flex-1 truncate">
              {step}
            </span>
            <Timer since={operation.createdAt} className="tabular shrink-0" />
          </div>
        </div>
        <Button
          variant="ghost"
          size="icon-sm"
          className="-mt-1 -mr-1"
          aria-label={`Hide ${title}`}
          onClick={() => {
            settleOperation(id);
          }}
        >
          <X aria-hidden />
        </Button>
      </div>
      {view.rows.length > 0 && (
        <Progress
          className="mt-2.5"
          label={title}
          value={progress.finished}
          max={progress.total}
          failed={progress.failed}
          text={progress.text}
        />
      )}
    </article>
  );
}
