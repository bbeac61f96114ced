"use client";

import { type ReactNode } from "react";
import { CircleCheck, CircleMinus, CircleX, TriangleAlert } from "lucide-react";
import type { ConnectionReport, ConnectionStep } from "@/lib/domain/wire/connection";
import { cn } from "@/lib/client/cn";

const NAMES: Record<ConnectionStep["step"], string> = {
  reach: "Reach",
  tls: "Certificate",
  hostKey: "Host key",
  credentials: "Credentials",
  branch: "Branch",
  write: "Write access",
};

const STATUS = {
  ok: { icon: CircleCheck, word: "works", className: "text-success" },
  warning: { icon: TriangleAlert, word: "take note", className: "text-warning" },
  failed: { icon: CircleX, word: "failed", className: "text-danger" },
  skipped: { icon: CircleMinus, word: "skipped", className: "text-muted" },
};

interface ReportProps {
  report: ConnectionReport;
  /** What is offered where a repository has moved. */
  moved: (url: string) => ReactNode;
}

/** Each step of the test, what came of it and what mends it. */
export function Report({ report, moved }: ReportProps) {
  return (
    <>
      <p className="mb-2 text-xs font-medium">
        {report.ok ? "The repository can be used." : "The repository cannot be used yet."}
      </p>
      <ol className="flex flex-col gap-2 text-xs leading-5">
        {report.steps.map((line) => {
          const { icon: Icon, word, className } = STATUS[line.status];
          return (
            <li key={line.step} className="grid grid-cols-[1.25rem_1fr] gap-x-1.5">
              <Icon aria-hidden className={cn("mt-0.5 size-4", className)} />
              <div className="min-w-0">
                <p className="break-words">
                  <span className="font-medium">
                    {line.number}. {NAMES[line.step]}
                  </span>{" "}
                  <span className={className}>({word})</span>{" "}
                  <span className="text-soft">{line.message}</span>
                </p>
                {line.cure && <p className="break-words text-muted">{line.cure}</p>}
                {line.url && moved(line.url)}
              </div>
            </li>
          );
        })}
      </ol>
    </>
  );
}
