import { z } from "zod";
import { RoleView } from "@/lib/domain/wire/contents";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { listRoles } from "@/lib/server/workspaces/contents/security";

export const GET = route(
  {
    access: "workspace:read",
    summary: "List the roles of a workspace, those of every workspace first",
    response: z.array(RoleView),
  },
  async ({ engine, workspace }) => listRoles(engine, workspace),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
