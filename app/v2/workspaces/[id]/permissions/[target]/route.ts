import { z } from "zod";
import { PermissionsView } from "@/lib/domain/access";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { deletePermissions } from "@/lib/server/access/sharing/share";

export const DELETE = route(
  {
    access: "workspace:manage_permissions",
    summary: "Stop sharing a workspace with a user or group",
    params: z.object({ id: z.string(), target: z.string().max(320) }),
    response: PermissionsView.extend({ id: z.string() }),
  },
  async ({ engine, viewer, workspace, params }) => {
    const view = await deletePermissions(engine, viewer, workspace, params.target);
    return { ...view, id: view.target.id };
  },
);

export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
