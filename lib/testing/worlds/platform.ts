import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { startEngine, type Answer, type TestInstance } from "../engine";
import { gitServer, type GitServer, type TestRepository } from "../git/git-server";

export let server: GitServer;
export let instance: TestInstance;
export let remote: TestRepository;

let count = 0;

/** Gives every test of a file an instance of its own, whose platform repositories are all one served repository. */
export function servePlatform(): void {
  beforeAll(async () => {
    server = await gitServer({ user: "switch", password: "yard-password" });
  });
  afterAll(() => server.close());

  beforeEach(async () => {
    server.mood = "up";
    remote = await server.repository(`fleet-${String(++count)}`);
    const prefix = "WORKSPACES_STORAGE_GIT_PLATFORM_fleet_";
    instance = await startEngine({
      env: {
        [`${prefix}URL`]: remote.url,
        [`${prefix}DIRPATH`]: "workspaces",
        [`${prefix}AUTH_USER`]: "switch",
        [`${prefix}AUTH_PASSWORD`]: "yard-password",
        WORKSPACES_STORAGE_GIT_PLATFORM_mirror_URL: remote.url,
        WORKSPACES_STORAGE_GIT_PLATFORM_mirror_MODE: "read-only",
        WORKSPACES_STORAGE_GIT_PLATFORM_mirror_DIRPATH: "workspaces",
        WORKSPACES_STORAGE_GIT_PLATFORM_mirror_AUTH_USER: "switch",
        WORKSPACES_STORAGE_GIT_PLATFORM_mirror_AUTH_PASSWORD: "yard-password",
        WORKSPACES_STORAGE_GIT_PLATFORM_wrong_URL: remote.url,
        WORKSPACES_STORAGE_GIT_PLATFORM_wrong_AUTH_USER: "switch",
        WORKSPACES_STORAGE_GIT_PLATFORM_wrong_AUTH_PASSWORD: "not-the-password",
        WORKSPACES_GROUP_base_LABELS: "group:base",
        WORKSPACES_GROUP_more_LABELS: "group:more",
      },
    });
  });
  afterEach(() => instance.close());
}

export const error = (code: string) => expect.objectContaining({ error: code }) as unknown;

export async function aWorkspace(
  name: string,
  labels: string[] = [],
  files: Record<string, string> = {},
): Promise<string> {
  const created = await instance.call("POST", "/v2/workspaces", { json: { name, labels } });
  const { id } = created.body as { id: string };
  if (Object.keys(files).length > 0)
    await instance.call("PATCH", `/v2/workspaces/${id}/sources`, { json: { files } });
  return id;
}

export const post = (path: string, json: unknown = {}): Promise<Answer> =>
  instance.call("POST", path, { json });
export const push = (id: string, body: object = {}) =>
  post(`/v2/workspaces/${id}/versions?timeout=60`, { repository: { id: "fleet" }, ...body });
export const pull = (id: string, body: object = {}) =>
  post(`/v2/workspaces/${id}/versions/latest/pull?timeout=60`, { repository: { id: "fleet" }, ...body });
export const read = async (id: string, path: string) =>
  (await instance.call("GET", `/v2/workspaces/${id}/sources/${path}`)).text;
