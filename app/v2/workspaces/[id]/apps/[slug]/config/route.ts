import { z } from "zod";
import { AppInstance } from "@/lib/domain/wire/contents";
import { otherMethods } from "@/lib/http/methods";
import { conditionsOf, tagged } from "@/lib/http/parts";
import { route } from "@/lib/http/route";
import { patchInstanceConfig, readInstance } from "@/lib/server/workspaces/contents/apps";

const params = z.object({ slug: z.string() });
const Config = z.record(z.string(), z.unknown());

export const GET = route(
  {
    access: "workspace:read",
    summary: "Read the configuration of an app instance",
    params,
    response: Config,
    tagged: true,
  },
  async ({ engine, workspace, grants, params }) => {
    const { instance, oid } = await readInstance(engine, workspace, grants, params.slug);
    const config = Config.safeParse(instance.config);
    return tagged({ value: config.success ? config.data : {}, oid });
  },
);

const change = (replace: boolean) =>
  route(
    {
      access: "workspace:update",
      summary: replace
        ? "Replace the configuration of an app instance"
        : "Change the configuration of an app instance",
      params,
      body: Config,
      response: AppInstance,
      tagged: true,
    },
    async ({ engine, viewer, workspace, grants, params, body, request }) => {
      const input = { slug: params.slug, config: body, replace, conditions: conditionsOf(request) };
      const { instance, oid } = await patchInstanceConfig(engine, viewer, workspace, grants, input);
      return tagged({ value: instance, oid });
    },
  );

export const PATCH = change(false);
export const PUT = change(true);

export const { POST, DELETE, OPTIONS } = otherMethods("GET", "PUT", "PATCH");
