import { z } from "zod";
import { AppInstance, AppInstanceInput } from "@/lib/domain/wire/contents";
import { otherMethods } from "@/lib/http/methods";
import { conditionsOf, tagged } from "@/lib/http/parts";
import { route } from "@/lib/http/route";
import { patchInstance, readInstance, uninstallApp } from "@/lib/server/workspaces/contents/apps";

const params = z.object({ slug: z.string() });

export const GET = route(
  { access: "workspace:read", summary: "Read an app instance", params, response: AppInstance, tagged: true },
  async ({ engine, workspace, grants, params }) => {
    const { instance, oid } = await readInstance(engine, workspace, grants, params.slug);
    return tagged({ value: instance, oid });
  },
);

export const PATCH = route(
  {
    access: "workspace:update",
    summary: "Change an app instance",
    params,
    body: AppInstanceInput,
    response: AppInstance,
    tagged: true,
  },
  async ({ engine, viewer, workspace, grants, params, body, request }) => {
    const change = { slug: params.slug, patch: body, conditions: conditionsOf(request) };
    const { instance, oid } = await patchInstance(engine, viewer, workspace, grants, change);
    return tagged({ value: instance, oid });
  },
);

export const DELETE = route(
  {
    access: "workspace:update",
    summary: "Uninstall an app instance",
    params,
    response: z.object({ id: z.string() }),
    tagged: true,
  },
  async ({ engine, viewer, workspace, params, request }) =>
    uninstallApp(engine, viewer, workspace, { slug: params.slug, conditions: conditionsOf(request) }),
);

export const { POST, PUT, OPTIONS } = otherMethods("GET", "PATCH", "DELETE");
