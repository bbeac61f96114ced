import type { ErrorRecord } from "@/lib/domain/operation";
import { cn } from "@/lib/client/cn";

/** Errors as they were recorded: sentence, code, and the facts on request. */
export function ErrorDetails({ errors, className }: { errors: ErrorRecord[]; className?: string }) {
  return (
    <ul
      className={cn("flex flex-col gap-2 rounded-md border border-danger-line bg-danger-soft p-3", className)}
    >
      {errors.map((error, index) => (
        <li key={index} className="text-sm">
          <p className="text-pretty break-words">
            {error.message} <code className="font-mono text-xs text-danger">{error.error}</code>
          </p>
          {error.details && Object.keys(error.details).length > 0 && (
            <details className="mt-1 text-xs">
              <summary className="w-fit rounded-sm text-muted hover:text-text">Details</summary>
              <pre className="mt-1 overflow-x-auto font-mono whitespace-pre-wrap text-soft">
                {JSON.stringify(error.details, null, 2)}
              </pre>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}
