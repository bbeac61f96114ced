import { z } from "zod";
import type { AuditFilters } from "@/lib/server/audit/read-audit";
import { Instant, whole } from "../parse";

const exact = z.string().max(320).optional();

/** The filters of the audit log; `action` may end in `*`. */
export const AuditQuery = z
  .object({
    userId: exact,
    email: exact,
    action: exact,
    outcome: z.enum(["succeeded", "refused", "failed"]).optional(),
    workspaceId: exact,
    target: exact,
    correlationId: exact,
    afterDate: Instant.optional(),
    beforeDate: Instant.optional(),
    cursor: z.string().max(400).optional(),
    limit: whole(1, 500).default(50),
  })
  .transform(
    (query) =>
      Object.fromEntries(
        Object.entries(query).filter(([, value]) => value !== undefined && value !== ""),
      ) as AuditFilters,
  );
