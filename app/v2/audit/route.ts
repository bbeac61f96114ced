import { auditLog } from "@/lib/contract/people";
import { auditFilters } from "@/lib/http/gate/audit-query";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { readAudit } from "@/lib/server/audit/read-audit";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(auditLog.read, async ({ engine, query }) => readAudit(engine, auditFilters(query))),
);
