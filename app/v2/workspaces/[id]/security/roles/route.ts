import { security } from "@/lib/contract/security";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { listRoles } from "@/lib/server/workspaces/contents/security";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(security.listRoles, async ({ engine, workspace }) => listRoles(engine, workspace)),
);
