import { domains } from "@/lib/contract/content";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { lookAtDomain } from "@/lib/server/workspaces/domains/domains";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(domains.check, async ({ engine, viewer, workspace, params }) =>
    lookAtDomain(engine, viewer, workspace, params.domain),
  ),
);
