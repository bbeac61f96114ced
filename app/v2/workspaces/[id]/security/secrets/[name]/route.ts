import { secrets } from "@/lib/contract/security";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { deleteSecret } from "@/lib/server/workspaces/secrets";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(secrets.remove, async ({ engine, viewer, workspace, params }) => {
    await deleteSecret(engine, viewer, workspace, params.name);
    return { name: params.name, secretName: params.name };
  }),
);
