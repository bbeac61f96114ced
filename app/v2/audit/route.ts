import { AuditQuery } from "@/lib/http/gate/audit-query";
import { AuditPage } from "@/lib/domain/access";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { readAudit } from "@/lib/server/audit/read-audit";

export const GET = route(
  {
    access: "super-admin",
    summary: "Who did what, newest first",
    description: "`next` of an answer is the `cursor` of the page after it.",
    query: AuditQuery,
    response: AuditPage,
  },
  async ({ engine, query }) => readAudit(engine, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
