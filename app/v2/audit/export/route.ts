import { z } from "zod";
import { AuditQuery } from "@/lib/http/gate/audit-query";
import { textStream } from "@/lib/http/gate/text-stream";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { exportAudit } from "@/lib/server/audit/read-audit";

const TYPES = { csv: "text/csv; charset=utf-8", jsonl: "application/x-ndjson; charset=utf-8" } as const;

export const GET = route(
  {
    access: "super-admin",
    summary: "The audit log as a file, with the same filters",
    query: z.intersection(AuditQuery, z.object({ format: z.enum(["csv", "jsonl"]).default("csv") })),
    produces: Object.values(TYPES),
  },
  async ({ engine, query: { format, ...filters } }) =>
    textStream(exportAudit(engine, filters, format), {
      "content-type": TYPES[format],
      "content-disposition": `attachment; filename="audit.${format}"`,
    }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
