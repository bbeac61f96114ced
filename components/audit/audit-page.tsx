"use client";

import { useRouter, useSearchParams } from "next/navigation";
import { Download, ScrollText } from "lucide-react";
import { toApiError, withQuery } from "@/lib/client/api";
import { auditQuery, useAudit, type AuditFilter } from "@/lib/client/access";
import { fullTime } from "@/lib/client/format";
import { useMe } from "@/lib/client/queries";
import { useWorkspacesById } from "@/lib/client/workspaces-by-id";
import type { AuditEntryView } from "@/lib/domain/access";
import { Page, PageHeader } from "@/components/shell/page";
import { Badge } from "@/components/ui/badge";
import { Button, buttonClass } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/form/field";
import { LateInput } from "@/components/ui/form/late-input";
import { Select } from "@/components/ui/form/select";
import { EmptyState, ErrorPanel, SkeletonRows } from "@/components/ui/states";
import { Card } from "@/components/ui/text";
import { RelativeTime } from "@/components/ui/time";

const OUTCOMES = { succeeded: "success", refused: "warning", failed: "danger" } as const;

/** The audit log with its filters and its export; for super admins. */
export function AuditPage() {
  const { data: me } = useMe();
  const { filter, change } = useAuditUrl();
  const exportPath = (format: "csv" | "jsonl") =>
    withQuery("/v2/audit/export", { ...auditQuery(filter), format });
  return (
    <Page>
      <PageHeader
        title="Audit"
        description="Who signed in, and who changed access, secrets, locks, versions and users. It is kept apart from events."
        actions={
          me?.superAdmin && (
            <>
              <a className={buttonClass()} href={exportPath("csv")} download>
                <Download aria-hidden />
                CSV
              </a>
              <a className={buttonClass()} href={exportPath("jsonl")} download>
                <Download aria-hidden />
                JSON lines
              </a>
            </>
          )
        }
      />
      {me && !me.superAdmin ? (
        <ErrorPanel
          title="The audit log is read by super admins"
          error={{ message: "Ask one of them for what you need from it." }}
        />
      ) : (
        <>
          <Filters filter={filter} onChange={change} />
          <Entries filter={filter} />
        </>
      )}
    </Page>
  );
}

const KEYS = ["email", "action", "outcome", "afterDate"] as const;

/** The filters as they stand in the address: any look at the log is a link. */
function useAuditUrl() {
  const router = useRouter();
  const params = useSearchParams();
  const filter: AuditFilter = Object.fromEntries(
    KEYS.flatMap((key) => {
      const value = params.get(key);
      return value ? [[key, value]] : [];
    }),
  );
  const change = (part: AuditFilter) => {
    router.replace(withQuery("/audit", { ...filter, ...part }), { scroll: false });
  };
  return { filter, change };
}

function Filters({ filter, onChange }: { filter: AuditFilter; onChange: (filter: AuditFilter) => void }) {
  const set = (name: keyof AuditFilter) => (event: { currentTarget: { value: string } }) => {
    onChange({ [name]: event.currentTarget.value });
  };
  const text = { autoComplete: "off", spellCheck: false } as const;
  return (
    <div role="search" className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Field label="E-mail">
        {(control) => (
          <LateInput
            {...control}
            {...text}
            value={filter.email ?? ""}
            onLateChange={(email) => {
              onChange({ email });
            }}
          />
        )}
      </Field>
      <Field label="Action begins with">
        {(control) => (
          <LateInput
            {...control}
            {...text}
            placeholder="session, token, permission…"
            value={filter.action ?? ""}
            onLateChange={(action) => {
              onChange({ action });
            }}
          />
        )}
      </Field>
      <Field label="Outcome">
        {(control) => (
          <Select {...control} value={filter.outcome ?? ""} onChange={set("outcome")}>
            <option value="">Any</option>
            {Object.keys(OUTCOMES).map((outcome) => (
              <option key={outcome}>{outcome}</option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Since">
        {(control) => (
          <Input {...control} type="date" value={filter.afterDate ?? ""} onChange={set("afterDate")} />
        )}
      </Field>
    </div>
  );
}

function Entries({ filter }: { filter: AuditFilter }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useAudit(filter);
  const entries = data?.pages.flatMap((page) => page.entries);
  const workspaces = useWorkspacesById(entries?.flatMap(({ workspaceId }) => workspaceId ?? []) ?? []);
  if (error && !data) return <ErrorPanel error={toApiError(error)} onRetry={() => void refetch()} />;
  return (
    <Card>
      {!entries ? (
        <SkeletonRows label="Loading the audit log" />
      ) : entries.length === 0 ? (
        <EmptyState icon={ScrollText} title="Nothing matches">
          Widen the filters, or look at an earlier day.
        </EmptyState>
      ) : (
        <ul>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} workspace={workspaces.get(entry.workspaceId ?? "")?.name} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <div className="flex justify-center border-t border-line p-3">
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show earlier entries
          </Button>
        </div>
      )}
    </Card>
  );
}

function Entry({ entry, workspace }: { entry: AuditEntryView; workspace: string | undefined }) {
  const { action, outcome, email, userId, target, workspaceId, address, correlationId, details, createdAt } =
    entry;
  return (
    <li className="border-b border-line last:border-0">
      <details className="group">
        <summary className="focus-inset flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 hover:bg-hover lg:grid lg:grid-cols-[minmax(0,13rem)_6rem_minmax(0,1fr)_minmax(0,14rem)_6rem]">
          <code className="font-mono text-sm font-medium break-all">{action}</code>
          <span>
            <Badge tone={OUTCOMES[outcome]}>{outcome}</Badge>
          </span>
          <span className="flex min-w-0 items-baseline gap-x-2 text-xs max-lg:basis-full max-lg:empty:hidden">
            {workspace && (
              <span dir="auto" className="max-w-full truncate text-sm">
                {workspace}
              </span>
            )}
            {target && target !== workspace && (
              <span dir="auto" className="min-w-0 truncate font-mono text-soft">
                {target}
              </span>
            )}
          </span>
          <span className="min-w-0 truncate text-sm text-soft">{email ?? userId}</span>
          <RelativeTime at={createdAt} className="text-xs text-muted lg:text-right" />
        </summary>
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 bg-sunken px-4 py-3 text-xs">
          {Object.entries({
            When: fullTime(createdAt),
            User: userId,
            Workspace: workspace && workspaceId ? `${workspace} (${workspaceId})` : workspaceId,
            Address: address,
            Correlation: correlationId,
            Details: Object.keys(details).length > 0 ? JSON.stringify(details) : undefined,
          }).map(
            ([name, value]) =>
              value !== undefined && (
                <div key={name} className="contents">
                  <dt className="text-muted">{name}</dt>
                  <dd className="min-w-0 font-mono break-all">{value}</dd>
                </div>
              ),
          )}
        </dl>
      </details>
    </li>
  );
}
