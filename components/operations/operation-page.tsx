"use client";

import { WifiOff } from "lucide-react";
import type { Operation } from "@/lib/domain/operation";
import { OPERATIONS } from "@/lib/domain/operation/kinds";
import {
  isRunning,
  operationSubject,
  tally,
  type OperationView,
} from "@/lib/client/operations/operation-view";
import { usePeople } from "@/lib/client/queries";
import { useOperation } from "@/lib/client/operations/use-operation";
import { Breadcrumb, Page, PageHeader } from "@/components/shell/page";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { ErrorPanel, SkeletonRows } from "@/components/ui/states";
import { CopyButton, Mono } from "@/components/ui/text";
import { RelativeTime, Timer } from "@/components/ui/time";
import { ErrorDetails } from "./error-details";
import { OperationActions } from "./operation-actions";
import { OperationRows } from "./operation-rows";
import { OperationSummary } from "./operation-summary";
import { operationHeadline, OutcomeBadge } from "./outcome";
import { Stages } from "./stages";
import { StepList } from "./step-list";

/** One operation, live or as it was: the same page after a reload and in a second browser. */
export function OperationPage({ id }: { id: string }) {
  const { operation, view, line, error } = useOperation(id);
  if (!operation) {
    return (
      <Page>
        <h1 className="sr-only">Operation</h1>
        {error ? (
          <ErrorPanel
            title={error.code === "NotFound" ? "Operation not found" : "This operation cannot be shown"}
            error={error}
            action={<ButtonLink href="/operations">All operations</ButtonLink>}
          />
        ) : (
          <SkeletonRows rows={8} label="Loading the operation" />
        )}
      </Page>
    );
  }
  const running = isRunning(operation);
  const outcome = running
    ? "running"
    : ["succeeded", "partial"].includes(operation.outcome ?? "")
      ? "good"
      : "bad";
  const progress = tally(view);
  const words = OPERATIONS[operation.kind].words;
  return (
    <Page className="max-w-6xl">
      <Breadcrumb href="/operations" list="Operations">
        <span>{words.noun}</span>
      </Breadcrumb>
      <PageHeader
        title={
          <>
            {words.noun}: <bdi>{operationSubject(operation)}</bdi>
          </>
        }
        description={<Facts operation={operation} />}
        actions={<OperationActions operation={operation} failed={progress.failed} />}
      />
      <section
        aria-label="Progress"
        className="mb-5 rounded-lg border border-line bg-surface p-4 shadow-card"
      >
        <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
          <OutcomeBadge operation={operation} />
          <span className="text-base font-medium">{headline(operation, view)}</span>
          {running && (line === "reconnecting" || line === "polling") && (
            <Badge tone="warning" icon={WifiOff}>
              {line === "polling" ? "Checking every few seconds" : "Reconnecting"}
            </Badge>
          )}
          <Timer
            since={operation.createdAt}
            className="tabular ml-auto text-base text-muted"
            {...(operation.finishedAt ? { until: operation.finishedAt } : {})}
          />
        </div>
        {view.rows.length > 0 && progress.total > 0 && (
          <Progress
            className="mb-4"
            label={words.noun}
            value={progress.finished}
            max={progress.total}
            failed={progress.failed}
            text={progress.text}
          />
        )}
        <Stages kind={operation.kind} view={view} outcome={outcome} />
        <p role="status" className="sr-only">
          {announcement(operation, view)}
        </p>
      </section>
      {operation.errors.length > 0 && <ErrorDetails errors={operation.errors} className="mb-5" />}
      {!running && <OperationSummary operation={operation} view={view} />}
      {view.rows.length > 0 && <OperationRows rows={view.rows} ended={!running} />}
      {view.rows.length === 0 && view.steps.length > 0 && (
        <StepList steps={stepsOf(operation, view)} outcome={outcome} />
      )}
    </Page>
  );
}

// The error's own panel says it already.
function stepsOf({ errors }: Operation, { steps }: OperationView) {
  return errors.length > 0 ? steps.filter(({ step }) => step !== "error") : steps;
}

function headline(operation: Operation, view: OperationView): string {
  const progress = tally(view);
  if (view.rows.length > 0) return progress.total === 0 ? "Nothing to do" : progress.text;
  if (isRunning(operation)) return view.steps.at(-1)?.message ?? "Starting";
  if (operation.errors.length > 0) return operationHeadline(operation);
  return view.steps.at(-1)?.message ?? "Finished";
}

// Read out in steps of a quarter: every single workspace would be a flood.
function announcement(operation: Operation, view: OperationView): string {
  if (!isRunning(operation))
    return `${OPERATIONS[operation.kind].words.noun} ${operation.outcome ?? "ended"}.`;
  if (view.rows.length === 0) return view.steps.at(-1)?.message ?? "";
  const { total, finished, failed } = tally(view);
  const quarter = total === 0 ? 0 : Math.floor((finished / total) * 4) * 25;
  return `${String(quarter)} percent done${failed > 0 ? `, ${String(failed)} failed` : ""}.`;
}

const INITIATORS: Record<Operation["initiator"], string> = {
  user: "in the console",
  token: "with an access token",
  startup: "at start-up",
  schedule: "on schedule",
};

function Facts({ operation }: { operation: Operation }) {
  const nameOf = usePeople();
  const who =
    operation.initiator === "startup" ? "Switchyard" : (operation.userEmail ?? nameOf(operation.userId));
  return (
    <span className="flex flex-wrap items-center gap-x-4">
      <span>
        Started <RelativeTime at={operation.createdAt} /> by {who} {INITIATORS[operation.initiator]}
      </span>
      {operation.repositoryId && (
        <span>
          repository <Mono className="text-soft">{operation.repositoryId}</Mono>
        </span>
      )}
      <span className="inline-flex items-center">
        <Mono>{operation.id}</Mono>
        <CopyButton value={operation.id} label="Copy the operation's id" />
      </span>
    </span>
  );
}
