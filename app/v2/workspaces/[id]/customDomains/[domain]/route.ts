import { z } from "zod";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { removeDomain } from "@/lib/server/workspaces/domains/domains";

export const DELETE = route(
  {
    access: "workspace:update",
    summary: "Give a custom domain up",
    params: z.object({ domain: z.string() }),
    response: z.object({ domain: z.string() }),
  },
  async ({ engine, viewer, workspace, params }) => removeDomain(engine, viewer, workspace, params.domain),
);

export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
