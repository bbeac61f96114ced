import { domains } from "@/lib/contract/content";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { addDomain, listDomains } from "@/lib/server/workspaces/domains/domains";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(domains.list, async ({ engine, workspace }) => listDomains(engine, workspace)),
  route(domains.claim, async ({ engine, viewer, workspace, body }) =>
    addDomain(engine, viewer, workspace, body.domain),
  ),
);
