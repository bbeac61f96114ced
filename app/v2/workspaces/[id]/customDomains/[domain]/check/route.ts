import { z } from "zod";
import { CustomDomain } from "@/lib/domain/wire/custom-domain";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { lookAtDomain } from "@/lib/server/workspaces/domains/domains";

export const POST = route(
  {
    access: "workspace:update",
    summary: "Look at the DNS record of a custom domain now",
    params: z.object({ domain: z.string() }),
    response: CustomDomain,
  },
  async ({ engine, viewer, workspace, params }) => lookAtDomain(engine, viewer, workspace, params.domain),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
