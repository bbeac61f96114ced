import { z } from "zod";
import { AppInstance, InstallApp } from "@/lib/domain/wire/contents";
import { otherMethods } from "@/lib/http/methods";
import { tagged } from "@/lib/http/parts";
import { route } from "@/lib/http/route";
import { installApp, listInstances } from "@/lib/server/workspaces/contents/apps";

export const GET = route(
  {
    access: "workspace:read",
    summary: "List the app instances of a workspace",
    response: z.array(AppInstance),
  },
  async ({ engine, workspace, grants }) => listInstances(engine, workspace, grants),
);

export const POST = route(
  {
    access: "workspace:update",
    summary: "Install an app",
    body: InstallApp,
    response: AppInstance,
    tagged: true,
  },
  async ({ engine, viewer, workspace, grants, body }) => {
    const { instance, oid } = await installApp(engine, viewer, workspace, grants, body);
    return tagged({ value: instance, oid });
  },
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
