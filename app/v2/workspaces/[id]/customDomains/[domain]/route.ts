import { domains } from "@/lib/contract/content";
import { route } from "@/lib/http/route";
import { removeDomain } from "@/lib/server/workspaces/domains/domains";
import { routes } from "@/lib/http/routes";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(domains.giveUp, async ({ engine, viewer, workspace, params }) =>
    removeDomain(engine, viewer, workspace, params.domain),
  ),
);
