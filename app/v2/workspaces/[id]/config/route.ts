import { z } from "zod";
import { ConfigInput, ConfigView } from "@/lib/domain/wire/contents";
import { otherMethods } from "@/lib/http/methods";
import { Flag } from "@/lib/http/parse";
import { conditionsOf, tagged } from "@/lib/http/parts";
import { route } from "@/lib/http/route";
import { readConfig, writeConfig } from "@/lib/server/workspaces/contents/config";

export const GET = route(
  {
    access: "workspace:read",
    summary: "Read the effective configuration, secrets redacted",
    query: z.object({ effective: Flag.default(false) }),
    response: ConfigView,
    tagged: true,
  },
  async ({ engine, workspace, query }) => tagged(await readConfig(engine, workspace, query.effective)),
);

const change = (replace: boolean) =>
  route(
    {
      access: "workspace:update",
      summary: replace
        ? "Replace the configuration of a workspace"
        : "Change the configuration of a workspace",
      body: ConfigInput,
      response: ConfigView,
      tagged: true,
    },
    async ({ engine, viewer, workspace, body, request }) => {
      const input = { fields: body, replace, conditions: conditionsOf(request) };
      return tagged(await writeConfig(engine, viewer, workspace, input));
    },
  );

export const PATCH = change(false);
export const PUT = change(true);

export const { POST, DELETE, OPTIONS } = otherMethods("GET", "PUT", "PATCH");
