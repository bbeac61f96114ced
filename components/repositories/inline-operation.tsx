"use client";

import Link from "next/link";
import { z } from "zod";
import { CircleCheck, GitMerge, LoaderCircle } from "lucide-react";
import { isRunning } from "@/lib/client/operations/operation-view";
import { useOperation } from "@/lib/client/operations/use-operation";
import { Way } from "@/lib/domain/wire/situation";
import { operationHeadline } from "@/components/operations/outcome";
import { Button, ButtonLink } from "@/components/ui/button";
import { ErrorPanel, Notice } from "@/components/ui/states";
import { Timer } from "@/components/ui/time";
import { WayButtons } from "./ways/way-buttons";

interface InlineOperationProps {
  id: string;
  onWay: (way: Way) => void;
  onResolve: () => void;
}

const Ways = z.array(Way);

/** The push or pull just started from this page: its step, then how it ended with the button that mends it. */
export function InlineOperation({ id, onWay, onResolve }: InlineOperationProps) {
  const { operation, view } = useOperation(id);
  if (!operation || isRunning(operation)) {
    return (
      <Notice
        className="mb-5"
        tone="info"
        icon={LoaderCircle}
        title={operation ? operationHeadline(operation) : "Starting"}
        action={
          <ButtonLink size="sm" href={`/operations/${id}`}>
            Details
          </ButtonLink>
        }
      >
        <span role="status">{view.steps.at(-1)?.message ?? "Starting"}</span>
        {operation && (
          <>
            {" "}
            · <Timer since={operation.createdAt} className="tabular" />
          </>
        )}
      </Notice>
    );
  }
  if (operation.outcome === "succeeded") {
    return (
      <Notice
        className="mb-5"
        tone="success"
        icon={CircleCheck}
        title={operationHeadline(operation)}
        role="status"
      >
        It took <Timer since={operation.createdAt} until={operation.finishedAt ?? operation.createdAt} />.{" "}
        <Link href={`/operations/${id}`} className="rounded-sm text-accent hover:underline">
          See what was done
        </Link>
      </Notice>
    );
  }
  const [error] = operation.errors;
  const ways = Ways.safeParse(error?.details?.["ways"]).data ?? [];
  return (
    <ErrorPanel
      className="mb-5"
      title={operationHeadline(operation)}
      error={{
        message: error?.message ?? "No reason was given. Search the server's log for the operation's id.",
        ...(error ? { code: error.error } : {}),
      }}
      action={
        <>
          <WayButtons ways={ways} onWay={onWay} />
          {error?.error === "MergeConflict" && (
            <Button size="sm" variant="primary" onClick={onResolve}>
              <GitMerge aria-hidden />
              Resolve…
            </Button>
          )}
          <ButtonLink size="sm" href={`/operations/${id}`}>
            Details
          </ButtonLink>
        </>
      }
    />
  );
}
