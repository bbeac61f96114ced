import { z } from "zod";
import { instances } from "@/lib/contract/apps";
import { conditionsOf, tagged } from "@/lib/http/parts";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { patchInstanceConfig, readInstance } from "@/lib/server/workspaces/contents/apps";

const Config = z.record(z.string(), z.unknown());

const change = (endpoint: typeof instances.patchConfig | typeof instances.putConfig, replace: boolean) =>
  route(endpoint, async ({ engine, viewer, workspace, grants, params, body, request }) => {
    const input = { slug: params.slug, config: body, replace, conditions: conditionsOf(request) };
    const { instance, oid } = await patchInstanceConfig(engine, viewer, workspace, grants, input);
    return tagged({ value: instance, oid });
  });

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(instances.readConfig, async ({ engine, workspace, grants, params }) => {
    const { instance, oid } = await readInstance(engine, workspace, grants, params.slug);
    const config = Config.safeParse(instance.config);
    return tagged({ value: config.success ? config.data : {}, oid });
  }),
  change(instances.putConfig, true),
  change(instances.patchConfig, false),
);
