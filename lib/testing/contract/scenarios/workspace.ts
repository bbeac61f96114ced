import { aForm } from "@/lib/testing/zip/zip";
import type { Scenario, Scenarios, World } from "../world";

const below =
  (method: string, path: string, json?: unknown): Scenario =>
  async (world) =>
    world.send(method, `${await world.workspace()}${path}`, json === undefined ? {} : { json });

const FLEET = { repository: { id: "fleet" } };

async function pushed(world: World): Promise<string> {
  const path = await world.workspace();
  await world.done("POST", `${path}/push?timeout=60`, { json: { ...FLEET, name: "first" } });
  return path;
}

const versioned =
  (method: string, path: string, json?: unknown): Scenario =>
  async (world) =>
    world.send(method, `${await world.versioned()}/versions/v1${path}`, json === undefined ? {} : { json });

/** One workspace as a whole: its settings, versions, archives, events and sharing. */
export const WORKSPACE: Scenarios = {
  "GET /v2/workspaces/{id}": below("GET", ""),
  "PATCH /v2/workspaces/{id}": below("PATCH", "", { description: "Sells more" }),
  "DELETE /v2/workspaces/{id}": below("DELETE", ""),
  "POST /v2/workspaces/{id}/duplicate": below("POST", "/duplicate", {}),
  "GET /v2/workspaces/{id}/status": async (world) => world.send("GET", `${await pushed(world)}/status`),
  "GET /v2/workspaces/{id}/events": below("GET", "/events"),
  "POST /v2/workspaces/{id}/events": below("POST", "/events", [{ type: "order.paid", payload: { sum: 5 } }]),
  "POST /v2/workspaces/{id}/search": below("POST", "/search", { query: { match: { type: "workspaces" } } }),
  "GET /v2/workspaces/{id}/export": below("GET", "/export"),
  "POST /v2/workspaces/{id}/import": async (world) => {
    const path = await world.workspace();
    const archive = await world.archive(path);
    await world.done("DELETE", `${path}/pages/home`);
    return world.send("POST", `${path}/import?prune=true&timeout=60`, { form: aForm(archive) });
  },
  "GET /v2/workspaces/{id}/permissions": async (world) => {
    const path = await world.workspace();
    const { email } = await world.invited();
    await world.done("POST", `${path}/permissions`, {
      json: { target: { email }, permissions: { role: "viewer" } },
    });
    return world.send("GET", `${path}/permissions`);
  },
  "POST /v2/workspaces/{id}/permissions": async (world) => {
    const { email } = await world.invited();
    return world.send("POST", `${await world.workspace()}/permissions`, {
      json: { target: { email }, permissions: { role: "editor" } },
    });
  },
  "DELETE /v2/workspaces/{id}/permissions/{target}": async (world) => {
    const path = await world.workspace();
    const { id, email } = await world.invited();
    await world.done("POST", `${path}/permissions`, {
      json: { target: { email }, permissions: { role: "viewer" } },
    });
    return world.send("DELETE", `${path}/permissions/${id}`);
  },
  "GET /v2/workspaces/{id}/repositories": below("GET", "/repositories"),
  "POST /v2/workspaces/{id}/repositories/{repositoryId}/test": below("POST", "/repositories/fleet/test"),
  "DELETE /v2/workspaces/{id}/repositories/{repositoryId}/state": async (world) =>
    world.send("DELETE", `${await pushed(world)}/repositories/fleet/state`),
  "GET /v2/workspaces/{id}/sync": async (world) =>
    world.send("GET", `${await pushed(world)}/sync?repository=fleet&check=true`),
  "GET /v2/workspaces/{id}/sync/file": async (world) => {
    const path = await pushed(world);
    await world.done("PATCH", `${path}/pages/home`, { json: { description: "New" } });
    return world.send("GET", `${path}/sync/file?repository=fleet&path=pages/home.yml`);
  },
  "POST /v2/workspaces/{id}/push": below("POST", "/push?timeout=60", { ...FLEET, name: "p1" }),
  "POST /v2/workspaces/{id}/pull": async (world) =>
    world.send("POST", `${await pushed(world)}/pull?timeout=60`, { json: FLEET }),
  "GET /v2/workspaces/{id}/versions": async (world) =>
    world.send("GET", `${await world.versioned()}/versions`),
  "POST /v2/workspaces/{id}/versions": below("POST", "/versions?timeout=60", { name: "v1" }),
  "DELETE /v2/workspaces/{id}/versions/{name}": versioned("DELETE", ""),
  "GET /v2/workspaces/{id}/versions/{name}/changes": versioned("GET", "/changes"),
  "POST /v2/workspaces/{id}/versions/{name}/duplicate": versioned("POST", "/duplicate", { name: "Copy" }),
  "GET /v2/workspaces/{id}/versions/{name}/export": versioned("GET", "/export"),
  "POST /v2/workspaces/{id}/versions/{name}/export": versioned("POST", "/export"),
  "GET /v2/workspaces/{id}/versions/{name}/file": versioned("GET", "/file?path=pages/home.yml"),
  "POST /v2/workspaces/{id}/versions/{name}/pull": versioned("POST", "/pull?timeout=60", {}),
  "POST /v2/workspaces/{id}/versions/{name}/rollback": versioned("POST", "/rollback?timeout=60", {}),
  "POST /v2/workspaces/{id}/writeLock": below("POST", "/writeLock", { reason: "audit" }),
  "DELETE /v2/workspaces/{id}/writeLock": async (world) => {
    const path = await world.workspace();
    await world.done("POST", `${path}/writeLock`, { json: { reason: "audit" } });
    return world.send("DELETE", `${path}/writeLock`);
  },
};
