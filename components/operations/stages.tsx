import { Check, LoaderCircle, X } from "lucide-react";
import type { OperationKind } from "@/lib/domain/operation";
import type { OperationView } from "@/lib/client/operations/operation-view";
import { cn } from "@/lib/client/cn";

interface Stage {
  label: string;
  /** Reached as soon as one of these steps was seen. */
  steps: string[];
}

const PUSH: Stage[] = [
  { label: "Read the remote", steps: ["checkout", "pull"] },
  { label: "Commit and merge", steps: ["pull:merge", "write", "push:merge"] },
  { label: "Send", steps: ["push", "push:tag"] },
  { label: "Finish", steps: ["push:done"] },
];
const PULL: Stage[] = [
  { label: "Save this state", steps: ["checkout", "write"] },
  { label: "Fetch and merge", steps: ["pull", "pull:merge", "push"] },
  { label: "Import", steps: ["pull:import", "pull:import:done"] },
  { label: "Finish", steps: ["pull:done"] },
];
const STAGES: Record<OperationKind, Stage[]> = {
  push: PUSH,
  pull: PULL,
  import: PULL.slice(2),
  rollback: [{ label: "Save a snapshot", steps: ["checkout", "write"] }, ...PULL.slice(1)],
  bulkPush: [{ label: "Plan", steps: [] }, ...PUSH.slice(1)],
  bulkImport: [
    { label: "Plan", steps: [] },
    { label: "Fetch", steps: ["checkout", "pull"] },
    ...PULL.slice(2),
  ],
};

function reached(kind: OperationKind, view: OperationView): number {
  const seen = new Set([
    ...view.steps.map(({ step }) => step),
    ...view.rows.flatMap(({ step, state }) => [
      ...(step ? [step] : []),
      ...(state === "done" ? ["push", "pull:import"] : []),
    ]),
  ]);
  return STAGES[kind].reduce(
    (last, stage, index) => (stage.steps.some((step) => seen.has(step)) ? index : last),
    0,
  );
}

/** The parts of an operation in a row, and where it is now. */
export function Stages({
  kind,
  view,
  outcome,
}: {
  kind: OperationKind;
  view: OperationView;
  outcome: "running" | "good" | "bad";
}) {
  const stages = STAGES[kind];
  const at = outcome === "good" ? stages.length : reached(kind, view);
  return (
    <ol className="flex flex-wrap items-center gap-x-2 gap-y-2 text-sm" aria-label="Stages">
      {stages.map(({ label }, index) => {
        const state = index < at ? "done" : index > at ? "ahead" : outcome === "bad" ? "stopped" : "current";
        return (
          <li
            key={label}
            className="flex items-center gap-2"
            aria-current={state === "current" ? "step" : undefined}
          >
            {index > 0 && <span aria-hidden className="h-px w-5 bg-line-strong sm:w-8" />}
            <StageMark state={state} />
            <span className={state === "ahead" ? "text-muted" : "font-medium"}>{label}</span>
            <span className="sr-only">{WORDS[state]}</span>
          </li>
        );
      })}
    </ol>
  );
}

const WORDS = { done: "(done)", current: "(now)", stopped: "(stopped here)", ahead: "(to come)" };

function StageMark({ state }: { state: keyof typeof WORDS }) {
  return (
    <span
      aria-hidden
      className={cn(
        "inline-flex size-5 items-center justify-center rounded-full border [&_svg]:size-3",
        state === "done" && "border-transparent bg-success-soft text-success",
        state === "current" && "border-info-line bg-info-soft text-info",
        state === "stopped" && "border-transparent bg-danger-soft text-danger",
        state === "ahead" && "border-dashed border-control",
      )}
    >
      {state === "done" && <Check strokeWidth={3} />}
      {state === "current" && <LoaderCircle className="animate-turn" />}
      {state === "stopped" && <X strokeWidth={3} />}
    </span>
  );
}
