import { AUDIT_TYPES, auditLog } from "@/lib/contract/people";
import { auditFilters } from "@/lib/http/gate/audit-query";
import { textStream } from "@/lib/http/gate/text-stream";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { exportAudit } from "@/lib/server/audit/read-audit";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(auditLog.export, async ({ engine, query: { format, ...filters } }) =>
    textStream(exportAudit(engine, auditFilters(filters), format), {
      "content-type": AUDIT_TYPES[format],
      "content-disposition": `attachment; filename="audit.${format}"`,
    }),
  ),
);
