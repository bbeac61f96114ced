"use client";

import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { TrainTrack } from "lucide-react";
import { OperationKind, type Operation } from "@/lib/domain/operation";
import { OPERATIONS } from "@/lib/domain/operation/kinds";
import { isRunning, operationSubject } from "@/lib/client/operations/operation-view";
import { toApiError, withQuery } from "@/lib/client/api";
import { useOperations, usePeople } from "@/lib/client/queries";
import { Page, PageHeader } from "@/components/shell/page";
import { Button, ButtonLink } from "@/components/ui/button";
import { Select } from "@/components/ui/form/select";
import { EmptyState, ErrorPanel, SkeletonRows } from "@/components/ui/states";
import { RelativeTime, Timer } from "@/components/ui/time";
import { OutcomeBadge } from "./outcome";

const STEP = 100;
/** The most that the API returns at once. */
const MOST = 1000;

/** All operations, newest first. */
export function OperationList() {
  const router = useRouter();
  const search = useSearchParams();
  const kind = search.get("kind") ?? "";
  const state = search.get("state") ?? "";
  const [limit, setLimit] = useState(STEP);
  const { data, error, refetch, isPlaceholderData } = useOperations({ limit, kind, state });
  const change = (part: Record<string, string>) => {
    router.replace(withQuery("/operations", { kind, state, ...part }), { scroll: false });
  };
  return (
    <Page>
      <PageHeader
        title="Operations"
        description="Every push, pull, import and rollback: who started it, how it ended and how long it took."
        actions={
          <>
            <Select
              aria-label="Kind"
              value={kind}
              onChange={(event) => {
                change({ kind: event.currentTarget.value });
              }}
            >
              <option value="">All kinds</option>
              {OperationKind.options.map((option) => (
                <option key={option} value={option}>
                  {OPERATIONS[option].words.noun}
                </option>
              ))}
            </Select>
            <Select
              aria-label="State"
              value={state}
              onChange={(event) => {
                change({ state: event.currentTarget.value });
              }}
            >
              <option value="">Any state</option>
              <option value="running">Running</option>
              <option value="done">Done</option>
            </Select>
          </>
        }
      />
      {error && !data ? (
        <ErrorPanel error={toApiError(error)} onRetry={() => void refetch()} />
      ) : (
        <div className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
          {!data ? (
            <SkeletonRows label="Loading operations" />
          ) : data.length === 0 ? (
            <EmptyState
              icon={TrainTrack}
              title={kind || state ? "No operation matches" : "No operations yet"}
              action={
                kind || state ? (
                  <ButtonLink href="/operations">Show all</ButtonLink>
                ) : (
                  <ButtonLink href="/platform" variant="primary">
                    Push a group
                  </ButtonLink>
                )
              }
            >
              {kind || state
                ? "No operation of this kind and state has been started yet."
                : "Push or pull a workspace, or push a whole group from the Platform page. It appears here while it runs and afterwards."}
            </EmptyState>
          ) : (
            <ul>
              {data.map((operation) => (
                <OperationItem key={operation.id} operation={operation} />
              ))}
            </ul>
          )}
          {data && (data.length >= limit || isPlaceholderData) && limit < MOST && (
            <div className="border-t border-line p-3 text-center">
              <Button
                variant="ghost"
                busy={isPlaceholderData}
                onClick={() => {
                  setLimit(limit + STEP);
                }}
              >
                Show older operations
              </Button>
            </div>
          )}
        </div>
      )}
    </Page>
  );
}

/** An operation as a row that leads to its page. */
export function OperationItem({ operation }: { operation: Operation }) {
  const nameOf = usePeople();
  return (
    <li className="relative grid min-h-13 grid-cols-[1fr_auto] items-center gap-x-4 gap-y-0.5 border-b border-line px-4 py-2 last:border-0 hover:bg-hover sm:grid-cols-[8rem_minmax(0,1fr)_minmax(0,14rem)_8rem_5rem]">
      <span className="order-2 justify-self-end sm:order-none sm:justify-self-start">
        <OutcomeBadge operation={operation} />
      </span>
      <span className="min-w-0 truncate">
        <Link
          href={`/operations/${operation.id}`}
          className="rounded-sm font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
        >
          {OPERATIONS[operation.kind].words.noun}: <bdi>{operationSubject(operation)}</bdi>
        </Link>
        {operation.errors[0] && (
          <span className="block truncate text-xs text-danger">{operation.errors[0].message}</span>
        )}
      </span>
      <span className="order-3 min-w-0 truncate text-xs text-muted sm:order-none">
        {operation.repositoryId && <span className="font-mono">{operation.repositoryId} · </span>}
        {operation.initiator === "startup" ? "start-up" : (operation.userEmail ?? nameOf(operation.userId))}
      </span>
      <RelativeTime
        at={operation.createdAt}
        className="order-4 justify-self-end text-xs text-muted sm:order-none"
      />
      <span className="tabular hidden text-right text-xs text-muted sm:block">
        {isRunning(operation) || operation.finishedAt ? (
          <Timer
            since={operation.createdAt}
            {...(operation.finishedAt ? { until: operation.finishedAt } : {})}
          />
        ) : null}
      </span>
    </li>
  );
}
