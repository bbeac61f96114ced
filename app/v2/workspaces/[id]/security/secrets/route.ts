import { secrets } from "@/lib/contract/security";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { listSecrets, patchSecrets, putSecrets } from "@/lib/server/workspaces/secrets";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(secrets.list, async ({ engine, viewer, workspace }) => listSecrets(engine, viewer, workspace)),
  route(secrets.patch, async ({ engine, viewer, workspace, body }) => {
    await patchSecrets(engine, viewer, workspace, body);
    return listSecrets(engine, viewer, workspace);
  }),
  route(secrets.put, async ({ engine, viewer, workspace, body }) => {
    await putSecrets(engine, viewer, workspace, body);
    return listSecrets(engine, viewer, workspace);
  }),
);
