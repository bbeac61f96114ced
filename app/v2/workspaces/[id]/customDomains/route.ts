import { z } from "zod";
import { AddDomain, CustomDomain } from "@/lib/domain/wire/custom-domain";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { addDomain, listDomains } from "@/lib/server/workspaces/domains/domains";

export const GET = route(
  {
    access: "workspace:read",
    summary: "List the custom domains of a workspace",
    response: z.array(CustomDomain),
  },
  async ({ engine, workspace }) => listDomains(engine, workspace),
);

export const POST = route(
  { access: "workspace:update", summary: "Claim a custom domain", body: AddDomain, response: CustomDomain },
  async ({ engine, viewer, workspace, body }) => addDomain(engine, viewer, workspace, body.domain),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
