import { sharing } from "@/lib/contract/security";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { deletePermissions } from "@/lib/server/access/sharing/share";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(sharing.unshare, async ({ engine, viewer, workspace, params }) => {
    const view = await deletePermissions(engine, viewer, workspace, params.target);
    return { ...view, id: view.target.id };
  }),
);
