import type { Scenario, Scenarios } from "../world";

/** A request below a new workspace's path. */
const below =
  (method: string, path: string, json?: unknown): Scenario =>
  async (world) =>
    world.send(method, `${await world.workspace()}${path}`, json === undefined ? {} : { json });

const SCHEMA = { colour: { type: "string", title: "Colour" } };
const RULES = {
  authorizations: { roles: { guest: {} }, rules: [{ role: "guest", action: "read", subject: "workspaces" }] },
};

/** What a workspace holds. */
export const CONTENTS: Scenarios = {
  "GET /v2/workspaces/{id}/automations": below("GET", "/automations"),
  "POST /v2/workspaces/{id}/automations": below("POST", "/automations", { name: "Say Hello", do: [] }),
  "GET /v2/workspaces/{id}/automations/{slug}": below("GET", "/automations/welcome"),
  "PATCH /v2/workspaces/{id}/automations/{slug}": below("PATCH", "/automations/welcome", { name: "Hello" }),
  "PUT /v2/workspaces/{id}/automations/{slug}": below("PUT", "/automations/welcome", { name: "Hello" }),
  "DELETE /v2/workspaces/{id}/automations/{slug}": below("DELETE", "/automations/welcome"),
  "GET /v2/workspaces/{id}/pages": below("GET", "/pages"),
  "POST /v2/workspaces/{id}/pages": below("POST", "/pages", { slug: "about/us", blocks: [] }),
  "GET /v2/workspaces/{id}/pages/{slug}": below("GET", "/pages/home"),
  "PATCH /v2/workspaces/{id}/pages/{slug}": below("PATCH", "/pages/home", { description: "First" }),
  "PUT /v2/workspaces/{id}/pages/{slug}": below("PUT", "/pages/home", { name: "Start" }),
  "DELETE /v2/workspaces/{id}/pages/{slug}": below("DELETE", "/pages/home"),
  "GET /v2/workspaces/{id}/apps": below("GET", "/apps"),
  "POST /v2/workspaces/{id}/apps": below("POST", "/apps", { appSlug: "crm", slug: "CRM" }),
  "GET /v2/workspaces/{id}/apps/{slug}": below("GET", "/apps/Mail"),
  "PATCH /v2/workspaces/{id}/apps/{slug}": below("PATCH", "/apps/Mail", { disabled: true }),
  "DELETE /v2/workspaces/{id}/apps/{slug}": below("DELETE", "/apps/Mail"),
  "GET /v2/workspaces/{id}/apps/{slug}/config": below("GET", "/apps/Mail/config"),
  "PATCH /v2/workspaces/{id}/apps/{slug}/config": below("PATCH", "/apps/Mail/config", { to: "a@b.example" }),
  "PUT /v2/workspaces/{id}/apps/{slug}/config": below("PUT", "/apps/Mail/config", { to: "a@b.example" }),
  "GET /v2/workspaces/{id}/blocks": below("GET", "/blocks"),
  "PATCH /v2/workspaces/{id}/blocks": below("PATCH", "/blocks", { card: { url: "/card.js" } }),
  "PUT /v2/workspaces/{id}/blocks": below("PUT", "/blocks", { card: { url: "/card.js" } }),
  "GET /v2/workspaces/{id}/config": below("GET", "/config?effective=true"),
  "PATCH /v2/workspaces/{id}/config": below("PATCH", "/config", { schema: SCHEMA, value: { colour: "red" } }),
  "PUT /v2/workspaces/{id}/config": below("PUT", "/config", { value: { region: "{{config.colour}}" } }),
  "GET /v2/workspaces/{id}/security": below("GET", "/security"),
  "PATCH /v2/workspaces/{id}/security": below("PATCH", "/security", RULES),
  "PUT /v2/workspaces/{id}/security": below("PUT", "/security", RULES),
  "GET /v2/workspaces/{id}/security/roles": below("GET", "/security/roles"),
  "GET /v2/workspaces/{id}/security/secrets": async (world) => {
    const path = await world.workspace();
    const json = { key: { value: "s3cr3t-of-mine", description: "For mail" } };
    await world.done("PATCH", `${path}/security/secrets`, { json });
    return world.send("GET", `${path}/security/secrets`);
  },
  "PATCH /v2/workspaces/{id}/security/secrets": below("PATCH", "/security/secrets", {
    a: { value: "one-1" },
  }),
  "PUT /v2/workspaces/{id}/security/secrets": below("PUT", "/security/secrets", { a: { value: "two-22" } }),
  "DELETE /v2/workspaces/{id}/security/secrets/{name}": async (world) => {
    const path = await world.workspace();
    await world.done("PATCH", `${path}/security/secrets`, { json: { key: { value: "s3cr3t-of-ours" } } });
    return world.send("DELETE", `${path}/security/secrets/key`);
  },
  "GET /v2/workspaces/{id}/sources": below("GET", "/sources"),
  "PATCH /v2/workspaces/{id}/sources": below("PATCH", "/sources", {
    files: { "pages/home.yml": null, "notes.md": "# Notes\n" },
  }),
  "GET /v2/workspaces/{id}/sources/{path}": below("GET", "/sources/pages/home.yml"),
  "PUT /v2/workspaces/{id}/sources/{path}": async (world) =>
    world.send("PUT", `${await world.workspace()}/sources/pages/home.yml`, { text: "slug: home\n" }),
  "DELETE /v2/workspaces/{id}/sources/{path}": below("DELETE", "/sources/pages/home.yml"),
  "GET /v2/workspaces/{id}/customDomains": async (world) => {
    const path = await world.workspace();
    await world.done("POST", `${path}/customDomains`, { json: { domain: "one.example" } });
    return world.send("GET", `${path}/customDomains`);
  },
  "POST /v2/workspaces/{id}/customDomains": below("POST", "/customDomains", { domain: "shop.example" }),
  "DELETE /v2/workspaces/{id}/customDomains/{domain}": async (world) => {
    const path = await world.workspace();
    await world.done("POST", `${path}/customDomains`, { json: { domain: "two.example" } });
    return world.send("DELETE", `${path}/customDomains/two.example`);
  },
  "POST /v2/workspaces/{id}/customDomains/{domain}/check": async (world) => {
    const path = await world.workspace();
    await world.done("POST", `${path}/customDomains`, { json: { domain: "three.example" } });
    return world.send("POST", `${path}/customDomains/three.example/check`);
  },
};
