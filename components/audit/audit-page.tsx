"use client";

import { Download } from "lucide-react";
import { addressOf } from "@/lib/client/api/call";
import { auditLog } from "@/lib/contract/people";
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
    addressOf(auditLog.export, { query: { ...auditQuery(filter), format } });
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
