import { own } from "@/lib/domain/own";
import type { ComponentType, ReactNode } from "react";
import { CircleAlert, RefreshCw } from "lucide-react";
import { z } from "zod";
import { BulkImportSummary } from "@/lib/domain/bulk";
import type { Operation, OperationKind } from "@/lib/domain/operation";
import { ImportWarning } from "@/lib/domain/version";
import { count, grouped } from "@/lib/client/format";
import type { OperationView } from "@/lib/client/operations/operation-view";
import { Notice } from "@/components/ui/states";

function Figure({ value, label, tone }: { value: number; label: string; tone?: string | undefined }) {
  return (
    <div className="min-w-24 bg-surface px-4 py-3">
      <dd
        className={`tabular text-xl leading-6 font-semibold tracking-tight ${value > 0 ? (tone ?? "") : "text-muted"}`}
      >
        {grouped(value)}
      </dd>
      <dt className="text-xs text-muted">{label}</dt>
    </div>
  );
}

function Figures({ children }: { children: ReactNode }) {
  return (
    <dl
      aria-label="Summary"
      className="mb-5 grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line shadow-card sm:flex [&>div]:flex [&>div]:flex-1 [&>div]:flex-col-reverse [&>div]:justify-end"
    >
      {children}
    </dl>
  );
}

const amount = (result: Record<string, unknown>, key: string) => {
  const value = own(result, key);
  return Array.isArray(value) ? value.length : typeof value === "number" ? value : 0;
};

interface SummaryProps {
  result: Record<string, unknown>;
  failed: number;
}

function PushFigures({ result, failed }: SummaryProps) {
  return (
    <Figures>
      <Figure value={amount(result, "pushedWorkspaceIds")} label="Pushed" tone="text-success" />
      <Figure value={amount(result, "alreadyPushedWorkspaceIds")} label="Already pushed" />
      <Figure
        value={amount(result, "mergeConflictWorkspaceIds")}
        label="Merge conflicts"
        tone="text-danger"
      />
      <Figure value={failed} label="Failed" tone="text-danger" />
    </Figures>
  );
}

function ImportFigures({ result, failed }: SummaryProps) {
  return (
    <>
      <Figures>
        <Figure value={amount(result, "createdWorkspaceIds")} label="Created" tone="text-success" />
        <Figure value={amount(result, "updatedWorkspaceIds")} label="Updated" tone="text-success" />
        <Figure value={amount(result, "skippedWorkspaceIds")} label="Skipped" />
        <Figure value={amount(result, "importedFilesCount")} label="Files imported" />
        <Figure value={amount(result, "deletedFilesCount")} label="Files deleted" tone="text-danger" />
        <Figure value={failed} label="Failed" tone="text-danger" />
      </Figures>
      <Remarks result={result} />
    </>
  );
}

/** The figures of a kind; the others have none, only warnings about files. */
const FIGURES: Record<OperationKind, ComponentType<SummaryProps> | null> = {
  push: null,
  pull: null,
  import: null,
  rollback: null,
  bulkPush: PushFigures,
  bulkImport: ImportFigures,
};

/** What changed, in figures, once an operation is over. */
export function OperationSummary({ operation, view }: { operation: Operation; view: OperationView }) {
  const KindFigures = FIGURES[operation.kind];
  if (!KindFigures) return <FileWarnings result={operation.result ?? {}} />;
  const failed = view.rows.filter(({ state }) => state === "failed").length;
  return <KindFigures result={view.completed ?? operation.result ?? {}} failed={failed} />;
}

const Warned = z.object({ warnings: z.array(ImportWarning) });

/** Files that a pull, an import or a rollback took over with a warning. */
function FileWarnings({ result }: { result: Record<string, unknown> }) {
  const { warnings } = Warned.safeParse(result).data ?? { warnings: [] };
  if (warnings.length === 0) return null;
  return (
    <Notice className="mb-5" tone="warning" icon={CircleAlert} title={count(warnings.length, "warning")}>
      <ul className="flex flex-col gap-1">
        {warnings.map(({ path, message }) => (
          <li key={`${path} ${message}`} className="break-words">
            {message}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

const Remarkable = BulkImportSummary.pick({ cycles: true, warnings: true }).partial();

/** Cycles and warnings of an import: reported, never in the way. */
export function Remarks({ result }: { result: Record<string, unknown> }) {
  const { cycles = [], warnings = [] } = Remarkable.safeParse(result).data ?? {};
  if (cycles.length + warnings.length === 0) return null;
  return (
    <div className="mb-5 flex flex-col gap-3">
      {cycles.map((cycle) => (
        <Notice
          key={cycle.join()}
          tone="warning"
          icon={RefreshCw}
          title="These workspaces depend on each other in a circle"
        >
          <span className="font-mono text-xs">{[...cycle, cycle[0]].join(" → ")}</span>
          <span className="block">They go last, in the order of their names.</span>
        </Notice>
      ))}
      {warnings.length > 0 && (
        <Notice tone="warning" icon={CircleAlert} title={count(warnings.length, "warning")}>
          <ul className="flex flex-col gap-1">
            {warnings.map(({ slug, message }, index) => (
              <li key={index}>
                <span className="font-mono text-xs">{slug}</span> {message}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  );
}
