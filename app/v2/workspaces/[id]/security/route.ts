import { security } from "@/lib/contract/security";
import { conditionsOf, tagged } from "@/lib/http/parts";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { readSecurity, writeSecurity } from "@/lib/server/workspaces/contents/security";

const change = (endpoint: typeof security.patch | typeof security.put, replace: boolean) =>
  route(endpoint, async ({ engine, viewer, workspace, body, request }) => {
    const input = { fields: body, replace, conditions: conditionsOf(request) };
    return tagged(await writeSecurity(engine, viewer, workspace, input));
  });

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(security.read, async ({ engine, workspace }) => tagged(await readSecurity(engine, workspace))),
  change(security.put, true),
  change(security.patch, false),
);
