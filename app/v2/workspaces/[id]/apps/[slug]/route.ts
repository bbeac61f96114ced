import { z } from "zod";
import { AppInstance, AppInstanceInput } from "@/lib/domain/wire/contents";
import { otherMethods } from "@/lib/http/methods";
import { conditionsOf, tagged } from "@/lib/http/parts";
import { route } from "@/lib/http/route";
import { patchInstance, readInstance, uninstallApp } from "@/lib/server/workspaces/contents/apps";

const params = z.object({ slug: z.string() });

export const GET = route(
  { access: "workspace:read", summary: "Read an app instance", params, response: AppInstance },
  async ({ engine, workspace, grants, params }) => {
    const { instance, oid } = await readInstance(engine, workspace, grants, params.slug);
    return tagged(instance, oid);
  },
);

export const PATCH = route(
  {
    access: "workspace:update",
    summary: "Change an app instance",
    params,
    body: AppInstanceInput,
    response: AppInstance,
  },
  async ({ engine, viewer, workspace, grants, params, body, request }) => {
    const change = { slug: params.slug, patch: body, conditions: conditionsOf(request) };
    const { instance, oid } = await patchInstance(engine, viewer, workspace, grants, change);
    return tagged(instance, oid);
  },
);

export const DELETE = route(
  {
    access: "workspace:update",
    summary: "Uninstall an app instance",
    params,
    response: z.object({ id: z.string() }),
  },
  async ({ engine, viewer, workspace, params }) => uninstallApp(engine, viewer, workspace, params.slug),
);

export const { POST, PUT } = otherMethods("GET", "PATCH", "DELETE");
