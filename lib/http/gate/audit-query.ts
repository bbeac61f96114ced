import type { z } from "zod";
import type { auditLog } from "@/lib/contract/people";
import type { AuditFilters } from "@/lib/server/audit/read-audit";

/** The filters of a query of the audit log: those that were given, and not left empty. */
export function auditFilters(query: z.output<typeof auditLog.read.query>): AuditFilters {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined && value !== ""),
  ) as AuditFilters;
}
