"use client";

import Link from "next/link";
import { CircleCheck, LoaderCircle, TriangleAlert } from "lucide-react";
import { ImportedArchive } from "@/lib/client/archives";
import { count } from "@/lib/client/format";
import { isRunning } from "@/lib/client/operations/operation-view";
import { useOperation } from "@/lib/client/operations/use-operation";
import { ErrorPanel, Notice } from "@/components/ui/states";

/** How an import goes, and what it did once it is done. */
export function ImportResult({ operationId }: { operationId: string }) {
  const { operation, view, error } = useOperation(operationId);
  if (error && !operation) return <ErrorPanel error={error} title="The import's progress cannot be shown" />;
  if (!operation || isRunning(operation)) {
    return (
      <Notice tone="info" icon={LoaderCircle} title="Importing">
        <span role="status">{view.steps.at(-1)?.message ?? "Reading the archive"}</span>
      </Notice>
    );
  }
  const [problem] = operation.errors;
  if (operation.outcome !== "succeeded" && operation.outcome !== "partial") {
    return (
      <ErrorPanel
        title="Nothing was imported"
        error={{
          message: problem?.message ?? "No reason was given. Search the server's log for the operation's id.",
          ...(problem ? { code: problem.error } : {}),
        }}
      />
    );
  }
  return <Summary operationId={operationId} result={ImportedArchive.parse(operation.result ?? {})} />;
}

function Summary({ operationId, result }: { operationId: string; result: ImportedArchive }) {
  const {
    imported,
    deleted,
    excluded,
    errors,
    warnings,
    createdWorkspaceIds,
    updatedWorkspaceIds,
    snapshot,
  } = result;
  const isClean = errors.length === 0;
  const skipped = (result.workspaces ?? []).filter(({ status }) => status === "skipped");
  const many = createdWorkspaceIds.length + updatedWorkspaceIds.length;
  return (
    <div className="flex flex-col gap-4">
      <Notice
        tone={isClean ? "success" : "warning"}
        icon={isClean ? CircleCheck : TriangleAlert}
        role="status"
        title={
          imported.length + deleted.length === 0
            ? "Nothing differed"
            : `${count(imported.length, "file")} imported, ${String(deleted.length)} deleted`
        }
      >
        {createdWorkspaceIds.length > 0 && `${count(createdWorkspaceIds.length, "workspace")} created. `}
        {many > 1 && `${count(updatedWorkspaceIds.length, "workspace")} updated. `}
        {snapshot && (
          <>
            What was here before is kept as <span className="font-mono break-all">{snapshot.name}</span>.{" "}
          </>
        )}
        <Link href={`/operations/${operationId}`} className="rounded-sm text-accent underline">
          See the operation
        </Link>
      </Notice>
      {errors.length > 0 && <PathList label="Not taken over" paths={errors.map(({ msg }) => msg)} isText />}
      {warnings.length > 0 && (
        <PathList label="Imported with a warning" paths={warnings.map(({ message }) => message)} isText />
      )}
      <PathList label="Imported" paths={imported} />
      <PathList label="Deleted" paths={deleted} />
      <PathList label="Left unchanged" paths={excluded} />
      <PathList
        label="Workspaces in the archive that were not selected"
        paths={skipped.map(({ slug }) => slug)}
      />
    </div>
  );
}

const MOST = 200;

function PathList({ label, paths, isText = false }: { label: string; paths: string[]; isText?: boolean }) {
  if (paths.length === 0) return null;
  return (
    <details className="rounded-md border border-line" open={isText || paths.length <= 8}>
      <summary className="cursor-pointer rounded-md px-3 py-2 text-sm font-medium">
        {label} <span className="text-muted">({paths.length})</span>
      </summary>
      <ul className={isText ? "px-3 pb-3 text-sm text-pretty" : "px-3 pb-3 font-mono text-xs"}>
        {paths.slice(0, MOST).map((path, index) => (
          <li key={`${String(index)} ${path}`} className="py-0.5 break-all">
            {path}
          </li>
        ))}
        {paths.length > MOST && <li className="py-0.5 text-muted">and {paths.length - MOST} more</li>}
      </ul>
    </details>
  );
}
