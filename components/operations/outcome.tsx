import { own } from "@/lib/domain/own";
import {
  Ban,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleMinus,
  CircleX,
  LoaderCircle,
  PlugZap,
  TriangleAlert,
  type LucideIcon,
} from "lucide-react";
import type { Operation, OperationKind } from "@/lib/domain/operation";
import { OPERATIONS } from "@/lib/domain/operation/kinds";
import { isRunning, operationSubject, type RowState } from "@/lib/client/operations/operation-view";
import { count } from "@/lib/client/format";
import { Badge, type Tone } from "@/components/ui/badge";

const OUTCOMES: Record<NonNullable<Operation["outcome"]>, [Tone, LucideIcon, string]> = {
  succeeded: ["success", CircleCheck, "Succeeded"],
  partial: ["warning", CircleAlert, "Partly done"],
  failed: ["danger", CircleX, "Failed"],
  cancelled: ["neutral", Ban, "Cancelled"],
  interrupted: ["warning", PlugZap, "Interrupted"],
};

/** The state of an operation: running, or how it ended. */
export function OutcomeBadge({ operation }: { operation: Pick<Operation, "state" | "outcome"> }) {
  if (operation.state === "cancelling") {
    return (
      <Badge tone="neutral" icon={LoaderCircle} spinning>
        Cancelling
      </Badge>
    );
  }
  if (isRunning(operation)) {
    return (
      <Badge tone="info" icon={LoaderCircle} spinning>
        Running
      </Badge>
    );
  }
  const [tone, icon, word] = OUTCOMES[operation.outcome ?? "succeeded"];
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  );
}

const ROWS: Record<RowState, [Tone, LucideIcon]> = {
  waiting: ["unknown", CircleDashed],
  running: ["info", LoaderCircle],
  done: ["success", CircleCheck],
  skipped: ["neutral", CircleMinus],
  excluded: ["warning", TriangleAlert],
  failed: ["danger", CircleX],
};

/** The state of one workspace in an operation. */
export function RowBadge({ state, word }: { state: RowState; word: string }) {
  const [tone, icon] = ROWS[state];
  return (
    <Badge tone={tone} icon={icon} spinning={state === "running"}>
      {word}
    </Badge>
  );
}

function ids(result: Record<string, unknown>, key: string): number {
  const value = own(result, key);
  return Array.isArray(value) ? value.length : 0;
}

function versionOf(result: Record<string, unknown>): string | undefined {
  const version = result["version"];
  if (typeof version === "string") return version;
  if (typeof version === "object" && version !== null && "name" in version) return String(version.name);
  return undefined;
}

type Result = Record<string, unknown>;

function withVersion(done: string, word: string, result: Result): string {
  const version = versionOf(result);
  return version ? `${done} ${word} ${version}` : done;
}

/** What a finished operation did; `done` is its verb and what it is about. */
const DONE: Record<OperationKind, (done: string, result: Result) => string> = {
  push: (done, result) => withVersion(done, "as", result),
  pull: (done) => done,
  import: (done) => done,
  rollback: (done, result) => withVersion(done, "to", result),
  bulkPush: (_done, result) => {
    const conflicts = ids(result, "mergeConflictWorkspaceIds");
    const pushed = `Pushed ${count(ids(result, "pushedWorkspaceIds"), "workspace")}`;
    return conflicts > 0 ? `${pushed}, ${count(conflicts, "conflict")} left out` : pushed;
  },
  bulkImport: (_done, result) => {
    const imported = ids(result, "createdWorkspaceIds") + ids(result, "updatedWorkspaceIds");
    return `Imported ${count(imported, "workspace")}`;
  },
};

/** What an operation did, in one line: "Pushed 11 workspaces", "Rolled back Shop to v2". */
export function operationHeadline(operation: Operation): string {
  const words = OPERATIONS[operation.kind].words;
  const subject = operationSubject(operation);
  if (isRunning(operation)) return `${words.running} ${subject}`;
  if (operation.outcome === "cancelled") return `${words.noun} of ${subject} was cancelled`;
  if (operation.outcome === "failed") return `${words.noun} of ${subject} failed`;
  if (operation.outcome === "interrupted") return `${words.noun} of ${subject} was interrupted`;
  return DONE[operation.kind](`${words.done} ${subject}`, operation.result ?? {});
}
