import { otherMethods } from "@/lib/http/methods";
import { PutSecrets, PatchSecrets, SecretsView } from "@/lib/domain/wire/secrets";
import { route } from "@/lib/http/route";
import { listSecrets, patchSecrets, putSecrets } from "@/lib/server/workspaces/secrets";

export const GET = route(
  { access: "workspace:manage_security", summary: "List secrets, with their values", response: SecretsView },
  async ({ engine, viewer, workspace }) => listSecrets(engine, viewer, workspace),
);

export const PATCH = route(
  {
    access: "workspace:manage_security",
    summary: "Set some secrets; null deletes one",
    body: PatchSecrets,
    response: SecretsView,
    confidential: true,
  },
  async ({ engine, viewer, workspace, body }) => {
    await patchSecrets(engine, viewer, workspace, body);
    return listSecrets(engine, viewer, workspace);
  },
);

export const PUT = route(
  {
    access: "workspace:manage_security",
    summary: "Replace all secrets",
    body: PutSecrets,
    response: SecretsView,
    confidential: true,
  },
  async ({ engine, viewer, workspace, body }) => {
    await putSecrets(engine, viewer, workspace, body);
    return listSecrets(engine, viewer, workspace);
  },
);

export const { POST, DELETE, OPTIONS } = otherMethods("GET", "PUT", "PATCH");
