import { PermissionsList, PermissionsView } from "@/lib/domain/access";
import { SharePermissions } from "@/lib/domain/access/requests";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { listPermissions, sharePermissions } from "@/lib/server/access/sharing/share";

export const GET = route(
  {
    access: "workspace:manage_permissions",
    summary: "Whom a workspace is shared with, and the roles it knows",
    response: PermissionsList,
  },
  async ({ engine, workspace }) => listPermissions(engine, workspace),
);

export const POST = route(
  {
    access: "workspace:manage_permissions",
    summary: "Share a workspace with a user or group",
    body: SharePermissions,
    response: PermissionsView,
  },
  async ({ engine, viewer, workspace, body }) => sharePermissions(engine, viewer, workspace, body),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
