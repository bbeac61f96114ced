"use client";

import { Download } from "lucide-react";
import { withQuery } from "@/lib/client/api";
import { auditQuery } from "@/lib/client/access";
import { useMe } from "@/lib/client/queries";
import { Page, PageHeader } from "@/components/shell/page";
import { AuditEntries } from "./audit-entries";
import { AuditFilters, useAuditUrl } from "./audit-filters";
import { buttonClass } from "@/components/ui/button";
import { ErrorPanel } from "@/components/ui/states";

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
        description="Who signed in, and who changed access, secrets, locks, versions and users. Kept separately from events."
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
          title="Only super admins can read the audit log"
          error={{ message: "Ask one of them if you need something from it." }}
        />
      ) : (
        <>
          <AuditFilters filter={filter} onChange={change} />
          <AuditEntries filter={filter} />
        </>
      )}
    </Page>
  );
}
