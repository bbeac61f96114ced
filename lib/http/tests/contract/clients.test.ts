import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, ADMIN_TOKEN, type TestInstance } from "@/lib/testing/engine";
import { gitServer, type GitServer } from "@/lib/testing/git/git-server";
import { unzip } from "@/lib/testing/zip/unzip";
import { aZip } from "@/lib/testing/zip/zip";

let instance: TestInstance;
let git: GitServer;
let server: Server;
let api = "";

/** Serves the handlers on a socket, so that what is spoken here is HTTP and nothing else. */
function serve(): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "GET", url = "/" } = request;
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const text = Buffer.concat(chunks);
      const body = text.length > 0 && method !== "GET" ? { bytes: new Uint8Array(text) } : {};
      void instance.request(method, url, { token: null, headers, ...body }).then((answer) => {
        response.writeHead(answer.status, Object.fromEntries(answer.headers));
        if (answer.body)
          Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]).pipe(response);
        else response.end();
      });
    });
  });
}

beforeAll(async () => {
  git = await gitServer();
  const remote = await git.repository("fleet");
  const prefix = "WORKSPACES_STORAGE_GIT_PLATFORM_fleet_";
  instance = await startEngine({
    env: {
      [`${prefix}URL`]: remote.url,
      [`${prefix}DIRPATH`]: "workspaces",
      WORKSPACES_GROUP_base_LABELS: "production:app:base",
    },
  });
  server = serve();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  api = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v2`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await instance.close();
  await git.close();
});

const authorization = `Bearer ${ADMIN_TOKEN}`;

async function ask<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(api + path, {
    method,
    headers: { authorization, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  expect([`${method} ${path}`, response.status, response.status === 200 ? "" : text]).toEqual([
    `${method} ${path}`,
    200,
    "",
  ]);
  return JSON.parse(text) as T;
}

interface Workspace {
  id: string;
  slug: string;
  dirty: boolean;
  lastPush?: { version: string; repositoryId: string };
  automations: Record<string, { name: string }>;
  imports: Record<string, { appSlug: string }>;
}

const create = (name: string) =>
  ask<Workspace>("POST", "/workspaces", { name, labels: ["production:app:base"] });

test("An assistant's tools find, create and edit automations, and install and configure apps", async () => {
  const { id, slug } = await create("Support desk");
  const found = await ask<Workspace[]>("GET", "/workspaces?labels=production:app:base&page=0&limit=20");
  expect(found.map((one) => one.id)).toContain(id);
  const automation = { name: "Greet", slug: "greet", do: [{ set: { name: "a", value: 1 } }], when: {} };
  expect(await ask("POST", `/workspaces/${id}/automations`, automation)).toMatchObject({ slug: "greet" });
  await ask("PATCH", `/workspaces/${id}/automations/greet`, { ...automation, name: "Greet people" });
  expect((await ask<Workspace>("GET", `/workspaces/slug:${slug}`)).automations).toMatchObject({
    greet: { name: "Greet people" },
  });
  const app = await create("Mailer");
  expect(
    await ask("POST", "/apps", { workspaceId: app.id, slug: "Mailer", name: "Mailer", description: "Mails" }),
  ).toMatchObject({
    workspaceId: app.id,
    slug: "Mailer",
    name: "Mailer",
    description: "Mails",
    versions: [],
  });
  await ask("POST", `/workspaces/${id}/apps`, { appSlug: "Mailer", slug: "Mail", config: { from: "a" } });
  const configured = await ask("PATCH", `/workspaces/${id}/apps/Mail/config`, { from: "b", copies: 2 });
  expect(configured).toMatchObject({ slug: "Mail", appSlug: "Mailer", config: { from: "b", copies: 2 } });
  const detail = await ask<Workspace & { dependsOn: string[] }>("GET", `/workspaces/${id}`);
  expect(detail).toMatchObject({ imports: { Mail: { appSlug: "Mailer" } }, dependsOn: ["app/Mailer"] });
  const events = await ask<{ size: number; documents: { type: string }[] }>(
    "POST",
    `/workspaces/${id}/search`,
    {
      query: { bool: { filter: [{ term: { type: "workspaces.apps.configured" } }] } },
      limit: 10,
    },
  );
  expect(events).toMatchObject({ size: 1, documents: [{ type: "workspaces.apps.configured" }] });
  expect(await ask("DELETE", `/workspaces/${id}/automations/greet`)).toMatchObject({ slug: "greet" });
});

test("A developer pushes and pulls versions, unlocks, takes the workspace as a zip and pushes a folder back", async () => {
  const { id } = await create("Order desk");
  await ask("POST", `/workspaces/${id}/pages`, { slug: "home", name: "Home" });
  const repository = { id: "fleet" };
  const pushed = await ask("POST", `/workspaces/${id}/versions?timeout=60`, {
    name: "1.0.0",
    description: "First",
    repository,
  });
  expect(pushed).toMatchObject({ name: "1.0.0", description: "First", repository });
  expect(await ask<Workspace>("GET", `/workspaces/${id}`)).toMatchObject({
    dirty: false,
    lastPush: { version: "1.0.0", repositoryId: "fleet" },
  });
  const pulled = await ask("POST", `/workspaces/${id}/versions/latest/pull?timeout=60`, { repository });
  expect(pulled).toMatchObject({ imported: [], deleted: [], errors: [] });
  expect(await ask("GET", `/workspaces/${id}/versions`)).toMatchObject([{ name: "1.0.0" }]);
  await ask("POST", `/workspaces/${id}/writeLock`, { reason: "holiday" });
  await ask("DELETE", `/workspaces/${id}/writeLock`);

  const zip = await fetch(`${api}/workspaces/${id}/versions/current/export`, {
    method: "POST",
    headers: { authorization },
  });
  const files = await unzip(Buffer.from(await zip.arrayBuffer()));
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining(["current/index.yml", "current/pages/home.yml", "current/security.yml"]),
  );
  const { "current/pages/home.yml": _home, ...rest } = files;
  const archive = await aZip({ ...rest, "current/pages/start.yml": "slug: start\n" });
  const form = new FormData();
  form.append("archive", new Blob([new Uint8Array(archive)]), "archive.zip");
  const answer = await fetch(`${api}/workspaces/${id}/import?prune=true&timeout=60`, {
    method: "POST",
    headers: { authorization },
    body: form,
  });
  expect([answer.status, await answer.json()]).toMatchObject([
    200,
    { imported: ["pages/start.yml"], deleted: ["pages/home.yml"], errors: [] },
  ]);
});

test("A pipeline pushes and imports in bulk, and reads the end from the last data line", async () => {
  const { id, slug } = await create("Claims desk");
  const last = async (path: string, body: unknown) => {
    const response = await fetch(`${api}${path}?sse=true`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const lines = (await response.text()).split("\n").filter((line) => line.startsWith("data: "));
    return JSON.parse((lines.at(-1) ?? "").slice("data: ".length)) as Record<string, unknown>;
  };
  const pushed = await last("/workspaces/platform/versions", {
    groups: ["base"],
    repository: { id: "fleet" },
    name: "release-1",
  });
  expect(pushed).toMatchObject({
    errors: [],
    mergeConflictWorkspaceIds: [],
    pushedWorkspaceIds: expect.arrayContaining([id]) as unknown,
  });
  await ask("PATCH", `/workspaces/${id}`, { description: "Changed since" });
  const imported = await last("/workspaces/platform/versions/latest/pull", {
    groups: ["base"],
    repository: { id: "fleet" },
    forceReimport: true,
  });
  expect(imported).toMatchObject({
    errors: [],
    workspaces: expect.arrayContaining([expect.objectContaining({ slug, status: "imported" })]) as unknown,
  });
  expect(await ask<Workspace>("GET", `/workspaces/${id}`)).not.toHaveProperty("description");
});
