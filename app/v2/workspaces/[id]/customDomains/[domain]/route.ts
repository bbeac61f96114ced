import { domains } from "@/lib/contract/content";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { removeDomain } from "@/lib/server/workspaces/domains/domains";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(domains.giveUp, async ({ engine, viewer, workspace, params }) =>
    removeDomain(engine, viewer, workspace, params.domain),
  ),
);
