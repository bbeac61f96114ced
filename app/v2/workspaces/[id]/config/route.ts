import { config } from "@/lib/contract/content";
import { conditionsOf, tagged } from "@/lib/http/parts";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { readConfig, writeConfig } from "@/lib/server/workspaces/contents/config";

const change = (endpoint: typeof config.patch | typeof config.put, replace: boolean) =>
  route(endpoint, async ({ engine, viewer, workspace, body, request }) => {
    const input = { fields: body, replace, conditions: conditionsOf(request) };
    return tagged(await writeConfig(engine, viewer, workspace, input));
  });

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(config.read, async ({ engine, workspace, query }) =>
    tagged(await readConfig(engine, workspace, query.effective)),
  ),
  change(config.put, true),
  change(config.patch, false),
);
