import { Check, LoaderCircle, X } from "lucide-react";
import type { StepRecord } from "@/lib/client/operations/operation-view";
import { duration } from "@/lib/client/format";

/** What a push or pull of one workspace did, step after step. */
export function StepList({ steps, outcome }: { steps: StepRecord[]; outcome: "running" | "good" | "bad" }) {
  return (
    <section aria-labelledby="steps" className="rounded-lg border border-line bg-surface shadow-card">
      <h2 id="steps" className="border-b border-line px-4 py-3 font-semibold">
        Steps
      </h2>
      <ol className="px-4 py-2">
        {steps.map((step, index) => {
          const isLast = index === steps.length - 1;
          const failed = step.step === "error" || (isLast && outcome === "bad");
          // A step's event carries how long the step before it took.
          const took = steps[index + 1]?.stepDuration;
          return (
            <li key={index} className="flex items-start gap-3 py-1.5">
              <span className="mt-0.5 [&_svg]:size-4">
                {failed ? (
                  <X aria-label="Failed" className="text-danger" />
                ) : isLast && outcome === "running" ? (
                  <LoaderCircle aria-label="Now" className="animate-turn text-info" />
                ) : (
                  <Check aria-label="Done" className="text-success" />
                )}
              </span>
              <span className="min-w-0 flex-1 text-pretty break-words">
                {step.message} <code className="font-mono text-xs text-muted">{step.step}</code>
              </span>
              <span className="tabular shrink-0 text-xs text-muted">
                {took !== undefined && duration(took)}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
