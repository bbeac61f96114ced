import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { error, withWorkspace } from "@/lib/testing/workspace";

const TOOL = {
  "index.yml": `name: Tool
slug: tool
config:
  schema:
    key: {type: string, required: true}
    limit: {type: number, validators: {max: {value: 10, message: At most ten a day.}}}
blocks:
  Chart: {name: A chart, url: 'https://cdn.example/chart.js'}
`,
  "automations/ask.yml":
    "name: Ask\narguments: {question: {type: string}}\ndo: [{emit: {event: asked}}, {all: [{emit: {event: 'told.{{x}}'}}]}]\n",
  "automations/inner.yml": "private: true\ndo: [{emit: {event: hidden}}]\n",
};

await describeOnDatabases("Apps", (database) => {
  test("are published under a slug that stays, listed with filters, read and unpublished", () =>
    withWorkspace(database, async ({ instance, id, types, detail }) => {
      const publish = (json: object) =>
        instance.call("POST", "/v2/apps", { json: { workspaceId: id, ...json } });
      // Half of a surrogate pair is no character, and no database keeps it.
      expect((await publish({ slug: "Shop \ud800" })).status).toBe(400);
      const first = await publish({ slug: "Shop Tools", name: "Tools", description: "Sells" });
      expect(first.body).toEqual({
        workspaceId: id,
        slug: "Shop Tools",
        name: "Tools",
        description: "Sells",
        versions: [],
      });
      expect((await publish({ slug: "other" })).status).toBe(400);
      expect((await publish({ name: "Better tools" })).body).toMatchObject({
        slug: "Shop Tools",
        name: "Better tools",
      });
      const list = async (query: string) =>
        ((await instance.call("GET", `/v2/apps?${query}`)).body as { slug: string }[]).map(
          ({ slug }) => slug,
        );
      expect(await list("text=better")).toEqual(["Shop Tools"]);
      expect(await list(`workspaceId=${id}&page=0&limit=1`)).toEqual(["Shop Tools"]);
      expect(await list("text=none")).toEqual([]);
      expect(await list("labels=no:label")).toEqual([]);
      expect((await instance.call("GET", "/v2/apps/Shop%20Tools")).body).toMatchObject({
        name: "Better tools",
      });
      const stranger = await instance.user();
      expect((await instance.call("DELETE", "/v2/apps/Shop%20Tools", { token: stranger.token })).status).toBe(
        404,
      );
      const editor = await instance.user({ role: "editor", workspaceId: id });
      expect((await instance.call("DELETE", "/v2/apps/Shop%20Tools", { token: editor.token })).status).toBe(
        403,
      );
      expect((await instance.call("DELETE", "/v2/apps/Shop%20Tools")).body).toEqual({
        id: "Shop Tools",
        slug: "Shop Tools",
      });
      expect((await instance.call("GET", "/v2/apps/Shop%20Tools")).body).toEqual(error("NotFound"));
      expect((await detail()).app).toBeUndefined();
      expect((await publish({ slug: "other" })).status).toBe(400);
      expect((await publish({})).body).toMatchObject({ slug: "Shop Tools" });
      expect(await types()).toEqual([
        "workspaces.created",
        "apps.published",
        "apps.published",
        "apps.deleted",
        "apps.published",
      ]);
    }));

  test("are installed, configured and uninstalled; an instance carries what its app offers", () =>
    withWorkspace(database, async ({ instance, call, types, detail, source, events }) => {
      const made = await instance.call("POST", "/v2/workspaces", { json: { name: "Tool" } });
      const tool = (made.body as { id: string }).id;
      const filled = await instance.call("PATCH", `/v2/workspaces/${tool}/sources`, {
        json: { files: TOOL },
      });
      expect(filled.status, filled.text).toBe(200);
      await instance.call("POST", "/v2/apps", { json: { workspaceId: tool, slug: "Tool" } });

      const offered = {
        appName: "Tool",
        automations: [{ slug: "ask", name: "Ask", arguments: { question: { type: "string" } } }],
        blocks: [{ slug: "Chart", name: "A chart", url: "https://cdn.example/chart.js" }],
        events: ["asked"],
      };
      const install = (json: object) => call("POST", "/apps", { json });
      const refused = await install({ appSlug: "Tool", config: { limit: 11 } });
      expect([refused.status, refused.body]).toMatchObject([
        400,
        { details: { issues: [{ path: "config.limit", message: "At most ten a day." }] } },
      ]);
      const installed = await install({
        appSlug: "Tool",
        slug: "My Tool",
        config: { key: "{{secret.key}}" },
      });
      const instanceOf = { appSlug: "Tool", slug: "My Tool", config: { key: "{{secret.key}}" } };
      expect([installed.status, installed.body]).toEqual([200, { ...instanceOf, ...offered }]);
      expect((await install({ appSlug: "Tool", slug: "My Tool" })).body).toEqual(error("SlugAlreadyInUse"));
      expect((await install({ appSlug: "Custom Code" })).body).toEqual({
        appSlug: "Custom Code",
        slug: "Custom Code",
        automations: [],
        blocks: [],
        events: [],
      });
      expect((await call("GET", "/apps")).body).toEqual([
        expect.objectContaining({ slug: "Custom Code" }),
        { ...instanceOf, ...offered },
      ]);
      expect(await detail()).toMatchObject({
        imports: { "My Tool": { ...instanceOf, ...offered } },
        dependsOn: ["app/Custom Code", "app/Tool"],
      });

      const configured = await call("PATCH", "/apps/My%20Tool/config", { json: { limit: 5 } });
      const config = { key: "{{secret.key}}", limit: 5 };
      expect(configured.body).toEqual({ ...instanceOf, config, ...offered });
      expect((await call("GET", "/apps/My%20Tool/config")).body).toEqual(config);
      expect((await call("PATCH", "/apps/My%20Tool/config", { json: { limit: "many" } })).status).toBe(400);
      expect((await call("PATCH", "/apps/My%20Tool/config", { json: { key: null } })).status).toBe(400);
      const patched = await call("PATCH", "/apps/My%20Tool", {
        json: { appVersion: "v2", disabled: true, ...offered },
      });
      expect(patched.body).toEqual({ ...instanceOf, config, appVersion: "v2", disabled: true, ...offered });
      expect(await source("imports/My Tool.yml")).toBe(
        'appSlug: Tool\nslug: My Tool\nconfig:\n  key: "{{secret.key}}"\n  limit: 5\nappVersion: v2\ndisabled: true\n',
      );
      expect((await call("PATCH", "/apps/My%20Tool", { json: { colour: "red" } })).status).toBe(400);
      expect((await call("PATCH", "/apps/My%20Tool", { json: { slug: "Renamed" } })).body).toMatchObject({
        slug: "Renamed",
      });
      expect((await events()).at(-1)).toMatchObject({ payload: { oldSlug: "My Tool" } });
      const removed = await call("DELETE", "/apps/Renamed", {
        headers: { "content-type": "application/json" },
      });
      expect(removed.body).toEqual({ id: "Renamed" });
      expect(Object.keys((await detail()).imports)).toEqual(["Custom Code"]);
      expect(await types()).toEqual([
        "workspaces.created",
        "workspaces.apps.installed",
        "workspaces.apps.installed",
        "workspaces.apps.configured",
        "workspaces.apps.configured",
        "workspaces.apps.configured",
        "workspaces.apps.uninstalled",
      ]);
    }));

  test("An app of a workspace that one may not read offers nothing to see", () =>
    withWorkspace(database, async ({ instance, id, call }) => {
      const made = await instance.call("POST", "/v2/workspaces", { json: { name: "Tool" } });
      const tool = (made.body as { id: string }).id;
      await instance.call("PATCH", `/v2/workspaces/${tool}/sources`, { json: { files: TOOL } });
      await instance.call("POST", "/v2/apps", { json: { workspaceId: tool } });
      const editor = await instance.user({ role: "editor", workspaceId: id });
      const installed = await call("POST", "/apps", { json: { appSlug: "tool" }, token: editor.token });
      expect(installed.body).toMatchObject({ automations: [], blocks: [], events: [] });
      expect((await call("GET", "/apps/tool")).body).toMatchObject({ events: ["asked"] });
    }));
});
