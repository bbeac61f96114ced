import { aForm } from "@/lib/testing/zip/zip";
import type { Scenarios, World } from "../world";

const HOST = { host: "git.larkfield.example", port: 22 };

/** The blob of an SSH key, as a server shows it. */
function hostKey(): Buffer {
  const text = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  return Buffer.concat([text(Buffer.from("ssh-ed25519")), text(Buffer.alloc(32, 7))]);
}

async function published(world: World): Promise<string> {
  const path = await world.versioned();
  const { id, slug } = await world.done<{ id: string; slug: string }>("GET", path);
  await world.done("POST", "/v2/apps", {
    json: { workspaceId: id, slug, name: "Shop", description: "Sells" },
  });
  return slug;
}

/** The fleet as a whole: lists, apps, operations, bulk operations and what the platform is set up with. */
export const PLATFORM: Scenarios = {
  "GET /v2/openapi.json": (world) => world.send("GET", "/v2/openapi.json", { token: null }),
  "GET /v2/readiness": (world) => world.send("GET", "/v2/readiness", { token: null }),
  "GET /v2/platform": (world) => world.send("GET", "/v2/platform"),
  "GET /v2/hostKeys": async (world) => {
    await world.instance.engine.hostKeys.pin(HOST, hostKey());
    return world.send("GET", "/v2/hostKeys");
  },
  "DELETE /v2/hostKeys/{host}": async (world) => {
    await world.instance.engine.hostKeys.pin(HOST, hostKey());
    return world.send("DELETE", `/v2/hostKeys/${HOST.host}`);
  },
  "GET /v2/apps": async (world) => {
    await published(world);
    return world.send("GET", "/v2/apps");
  },
  "POST /v2/apps": async (world) => {
    const { id, slug } = await world.done("GET", await world.workspace());
    return world.send("POST", "/v2/apps", { json: { workspaceId: id, slug } });
  },
  "GET /v2/apps/{slug}": async (world) => world.send("GET", `/v2/apps/${await published(world)}`),
  "DELETE /v2/apps/{slug}": async (world) => world.send("DELETE", `/v2/apps/${await published(world)}`),
  "GET /v2/events": async (world) => {
    await world.workspace();
    return world.send("GET", "/v2/events?limit=20");
  },
  "GET /v2/operations": async (world) => {
    await world.versioned();
    return world.send("GET", "/v2/operations");
  },
  "GET /v2/operations/{operationId}": async (world) =>
    world.send("GET", `/v2/operations/${await world.operation()}`),
  "POST /v2/operations/{operationId}/cancel": async (world) =>
    world.send("POST", `/v2/operations/${await world.operation()}/cancel`),
  "POST /v2/operations/{operationId}/retry": async (world) => {
    const id = await world.operation();
    await (await world.send("GET", `/v2/operations/${id}?sse=true`)).text();
    return world.send("POST", `/v2/operations/${id}/retry`);
  },
  "GET /v2/workspaces": async (world) => {
    await world.workspace(["group:base"]);
    return world.send("GET", "/v2/workspaces?labels=group:base");
  },
  "POST /v2/workspaces": (world) =>
    world.send("POST", "/v2/workspaces", {
      json: { name: "Desk", labels: ["group:base"] },
      headers: { "idempotency-key": "desk" },
    }),
  "GET /v2/workspaces/counts": (world) => world.send("GET", "/v2/workspaces/counts"),
  "GET /v2/workspaces/labels": (world) => world.send("GET", "/v2/workspaces/labels"),
  "POST /v2/workspaces/export": async (world) => {
    await world.workspace(["export:me"]);
    return world.send("POST", "/v2/workspaces/export", {
      json: { workspaces: { query: { labels: "export:me" } } },
    });
  },
  "POST /v2/workspaces/import": async (world) => {
    const archive = await world.archive(await world.workspace());
    return world.send("POST", "/v2/workspaces/import?timeout=60", { form: aForm(archive) });
  },
  "GET /v2/workspaces/platform/versions": async (world) => {
    await world.done("POST", "/v2/workspaces/platform/versions?timeout=60", { json: { name: "own" } });
    return world.send("GET", "/v2/workspaces/platform/versions");
  },
  "POST /v2/workspaces/platform/versions": async (world) => {
    await world.workspace(["group:base"]);
    return world.send("POST", "/v2/workspaces/platform/versions?timeout=60", {
      json: { groups: ["base"], repository: { id: "fleet" }, name: "r1" },
    });
  },
  "POST /v2/workspaces/platform/versions/latest/pull": async (world) => {
    await world.workspace(["group:base"]);
    await world.done("POST", "/v2/workspaces/platform/versions?timeout=60", {
      json: { groups: ["base"], repository: { id: "fleet" }, name: "r2" },
    });
    return world.send("POST", "/v2/workspaces/platform/versions/latest/pull?timeout=60", {
      json: { groups: ["base"], repository: { id: "fleet" }, forceReimport: true },
    });
  },
};
