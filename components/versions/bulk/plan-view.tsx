import Link from "next/link";
import type { ReactNode } from "react";
import {
  CircleMinus,
  CirclePlus,
  CircleX,
  Lock,
  RefreshCw,
  TriangleAlert,
  ArrowUpFromLine,
  type LucideIcon,
} from "lucide-react";
import type { BulkImportStatus, BulkImportSummary, BulkPushStatus, BulkPushSummary } from "@/lib/domain/bulk";
import { count } from "@/lib/client/format";
import { ErrorDetails } from "@/components/operations/error-details";
import { Remarks } from "@/components/operations/operation-summary";
import { Badge, type Tone } from "@/components/ui/badge";
import { LongList } from "@/components/ui/rows/long-list";

type Look = [Tone, LucideIcon, string];

const PUSH: Record<BulkPushStatus, Look> = {
  candidate: ["success", ArrowUpFromLine, "Push"],
  alreadyPushed: ["neutral", CircleMinus, "Skip"],
  mergeConflict: ["danger", TriangleAlert, "Excluded"],
  inProgress: ["locked", Lock, "Excluded"],
  pushed: ["success", ArrowUpFromLine, "Pushed"],
  error: ["danger", CircleX, "Failed"],
};
const PUSH_REASONS: Partial<Record<BulkPushStatus, string>> = {
  candidate: "Differs from the repository.",
  alreadyPushed: "Nothing changed since the last push.",
  mergeConflict: "Locked by a merge conflict. Resolve it first.",
  inProgress: "Locked by an operation that is running.",
};
const IMPORT_REASONS: Partial<Record<BulkImportStatus, string>> = {
  create: "Not here yet.",
  update: "A different version from the one here.",
  skip: "This version is already here.",
};
const IMPORT: Record<BulkImportStatus, Look> = {
  create: ["success", CirclePlus, "Create"],
  update: ["info", RefreshCw, "Update"],
  skip: ["neutral", CircleMinus, "Skip"],
  imported: ["success", CirclePlus, "Imported"],
  skipped: ["neutral", CircleMinus, "Skipped"],
  error: ["danger", CircleX, "Failed"],
};

const slugOf = ({ slug }: { slug: string }) => slug;

function headline(amounts: [number, string][]): string {
  return amounts
    .filter(([amount]) => amount > 0)
    .map(([amount, word]) => count(amount, word, word))
    .join(", ");
}

/** What a bulk push would do. */
export function PushPlan({ summary }: { summary: BulkPushSummary }) {
  const { workspaces } = summary;
  const number = (...wanted: BulkPushStatus[]) =>
    workspaces.filter(({ status }) => wanted.includes(status)).length;
  const text = headline([
    [number("candidate"), "to push"],
    [number("alreadyPushed"), "unchanged"],
    [number("mergeConflict", "inProgress"), "excluded"],
    [number("error"), "failing"],
  ]);
  return (
    <PlanCard title={text || "No workspaces in these groups"} total={workspaces.length}>
      {summary.errors.length > 0 && <ErrorDetails errors={summary.errors} className="m-4" />}
      <LongList rows={workspaces} keyOf={slugOf} height={44}>
        {({ slug, name, status, reason, errors }) => (
          <PlanRow slug={slug} name={name} look={PUSH[status]} linked>
            {errors[0]?.message ?? reason ?? PUSH_REASONS[status]}
          </PlanRow>
        )}
      </LongList>
    </PlanCard>
  );
}

/** What a bulk import would do, in the order in which it would do it. */
export function ImportPlan({ summary }: { summary: BulkImportSummary }) {
  const { workspaces } = summary;
  const number = (wanted: BulkImportStatus) => workspaces.filter(({ status }) => status === wanted).length;
  const text = headline([
    [number("create"), "to create"],
    [number("update"), "to update"],
    [number("skip"), "up to date"],
    [number("error"), "failing"],
    [summary.deletedWorkspaceIds?.length ?? 0, "to delete"],
  ]);
  return (
    <>
      <Remarks result={summary} />
      <PlanCard title={text || "The repository has no workspaces in these groups"} total={workspaces.length}>
        {summary.errors.length > 0 && <ErrorDetails errors={summary.errors} className="m-4" />}
        <LongList rows={workspaces} keyOf={slugOf} height={44} ordered>
          {(row) => (
            <PlanRow
              slug={row.slug}
              importedAs={row.importedAs}
              name={row.name}
              look={IMPORT[row.status]}
              linked={row.status !== "create"}
            >
              {row.errors[0]?.message ?? row.reason ?? IMPORT_REASONS[row.status]}
              {row.contentDiffers && " Same version name, different content."}
              {row.excluded && row.excluded.length > 0 && ` Keeps ${row.excluded.join(", ")}.`}
              {row.importedFilesCount ? ` ${count(row.importedFilesCount, "file")}` : ""}
              {row.deletedFilesCount ? `, ${String(row.deletedFilesCount)} deleted` : ""}
            </PlanRow>
          )}
        </LongList>
      </PlanCard>
    </>
  );
}

function PlanCard({ title, total, children }: { title: string; total: number; children: ReactNode }) {
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
      <header className="flex flex-wrap items-baseline gap-x-3 border-b border-line bg-sunken px-4 py-2.5">
        <div role="status">
          <h2 className="font-semibold">{title}</h2>
        </div>
        <span className="ml-auto text-xs text-muted">
          {count(total, "workspace")} checked, nothing changed yet
        </span>
      </header>
      {children}
    </div>
  );
}

function PlanRow({
  slug,
  importedAs = slug,
  name,
  look: [tone, icon, word],
  linked,
  children,
}: {
  slug: string;
  /** Its slug here, where its folder has another name. */
  importedAs?: string | undefined;
  name: string;
  look: Look;
  linked: boolean;
  children: ReactNode;
}) {
  return (
    <div className="grid min-h-11 grid-cols-[6rem_1fr] items-center gap-x-3 px-4 py-2 xl:grid-cols-[6rem_minmax(0,1fr)_minmax(0,1.2fr)]">
      <span>
        <Badge tone={tone} icon={icon}>
          {word}
        </Badge>
      </span>
      <span className="min-w-0 truncate">
        {linked ? (
          <Link href={`/workspaces/${importedAs}`} className="rounded-sm font-medium hover:underline">
            <bdi>{name}</bdi>
          </Link>
        ) : (
          <bdi className="font-medium">{name}</bdi>
        )}{" "}
        <span className="font-mono text-xs text-muted">{slug}</span>
      </span>
      <span className="col-start-2 min-w-0 text-xs text-pretty text-muted xl:col-start-auto">{children}</span>
    </div>
  );
}
