import { sharing } from "@/lib/contract/security";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { listPermissions, sharePermissions } from "@/lib/server/access/sharing/share";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(sharing.list, async ({ engine, workspace }) => listPermissions(engine, workspace)),
  route(sharing.share, async ({ engine, viewer, workspace, body }) =>
    sharePermissions(engine, viewer, workspace, body),
  ),
);
