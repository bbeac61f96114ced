import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { startEngine, type Answer, type Call, type TestInstance } from "../engine";
import { unzip } from "../zip/unzip";
import { aForm, aZip } from "../zip/zip";

export let instance: TestInstance;
export let count = 0;
export let id = "";
export let slug = "";

/** One instance with small limits for a file of tests, and a workspace of its own for each of them. */
export function serveArchives(): void {
  beforeAll(async () => {
    instance = await startEngine({
      env: {
        SWITCHYARD_LIMIT_ARCHIVE_BYTES: "200000",
        SWITCHYARD_LIMIT_ARCHIVE_INFLATED_BYTES: "3000000",
        SWITCHYARD_LIMIT_FILES_PER_WORKSPACE: "500",
        WORKSPACES_GROUP_base_LABELS: "group:base",
      },
    });
  });
  afterAll(() => instance.close());

  beforeEach(async () => {
    const created = await instance.call("POST", "/v2/workspaces", {
      json: { name: `Shop ${String(++count)}` },
    });
    ({ id, slug } = created.body as { id: string; slug: string });
  });
}

export const error = (code: string) => expect.objectContaining({ error: code }) as unknown;

export async function exported(
  method: string,
  path: string,
  json?: unknown,
): Promise<Record<string, string>> {
  const response = await instance.request(method, path, json === undefined ? {} : { json });
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/zip"]);
  return unzip(Buffer.from(await response.arrayBuffer()));
}

export const upload = (path: string, archive: Uint8Array, call: Call = {}): Promise<Answer> =>
  instance.call("POST", path, { form: aForm(archive), ...call });
export const importInto = (files: Record<string, string | Uint8Array>, query = "") =>
  aZip(files).then((archive) => upload(`/v2/workspaces/${id}/import${query}`, archive));
export const edit = (files: Record<string, string | null>) =>
  instance.call("PATCH", `/v2/workspaces/${id}/sources`, { json: { files } });
export const sources = async (workspaceId = id) => {
  const { body } = await instance.call("GET", `/v2/workspaces/${workspaceId}/sources`);
  return (body as { files: { path: string }[] }).files.map(({ path }) => path);
};
export const read = async (path: string) =>
  (await instance.call("GET", `/v2/workspaces/${id}/sources/${path}`)).text;
export const events = async (type: string, workspaceId = id) => {
  const { body } = await instance.call("GET", `/v2/workspaces/${workspaceId}/events?type=${type}`);
  return (body as { result: { events: { payload: Record<string, unknown> }[] } }).result.events;
};
