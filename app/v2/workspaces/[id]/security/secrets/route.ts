import { route } from "@/lib/http/route";
import {
  listSecrets,
  patchSecrets,
  PatchSecrets,
  putSecrets,
  PutSecrets,
  SecretsView,
} from "@/lib/server/workspaces/secrets";

export const GET = route(
  { access: "workspace:manage_security", response: SecretsView },
  async ({ engine, viewer, workspace }) => listSecrets(engine, viewer, workspace),
);

export const PATCH = route(
  { access: "workspace:manage_security", body: PatchSecrets, response: SecretsView },
  async ({ engine, viewer, workspace, body }) => {
    await patchSecrets(engine, viewer, workspace, body);
    return listSecrets(engine, viewer, workspace);
  },
);

export const PUT = route(
  { access: "workspace:manage_security", body: PutSecrets, response: SecretsView },
  async ({ engine, viewer, workspace, body }) => {
    await putSecrets(engine, viewer, workspace, body);
    return listSecrets(engine, viewer, workspace);
  },
);
