import { expect, test } from "vitest";
import { aZip } from "@/lib/testing/zip/zip";
import { events, exported, instance, serveArchives, upload } from "@/lib/testing/worlds/archives";

serveArchives();

/** A workspace that its owner deleted, and what somebody gets who imports an archive that carries its id. */
async function deleted() {
  const owner = await instance.user();
  const call = (method: string, path: string, json?: unknown) =>
    instance.call(method, `/v2/workspaces${path}`, { token: owner.token, ...(json ? { json } : {}) });
  const { id, name } = (await call("POST", "", { name: "Gone" })).body as { id: string; name: string };
  await call("POST", `/${id}/events`, { type: "payroll.paid", payload: { sum: 1 } });
  await call("POST", `/${id}/versions`, { name: "v1" });
  expect((await call("DELETE", `/${id}`)).status).toBe(200);
  const index = { "index.yml": `id: ${id}\nname: ${name}\n` };
  const importAs = async (token: string | undefined, files: Record<string, string>) => {
    const { status, body } = await upload("/v2/workspaces/import", await aZip(files), token ? { token } : {});
    expect(status).toBe(200);
    return (body as { createdWorkspaceIds: string[] }).createdWorkspaceIds[0] ?? "";
  };
  return { id, owner, index, importAs };
}

test("The id of a deleted workspace is not had by a stranger, who could read what is kept under it", async () => {
  const { id, index, importAs } = await deleted();
  const stranger = await instance.user();
  for (const files of [{ "current/index.yml": index["index.yml"] }, fleetOf(index["index.yml"])]) {
    const created = await importAs(stranger.token, files);
    expect(created).toMatch(/^[\w-]{7}$/);
    expect(created).not.toBe(id);
    expect(await events("payroll.paid", created)).toEqual([]);
    expect((await instance.call("DELETE", `/v2/workspaces/${created}`)).status).toBe(200);
  }
  expect((await instance.call("GET", `/v2/workspaces/${id}`, { token: stranger.token })).status).toBe(404);
});

function fleetOf(index: string): Record<string, string> {
  return { "workspaces/gone/index.yml": index, "workspaces/other/index.yml": "name: Other\n" };
}

test("Whoever deleted a workspace gets its id back with its archive, and so does a super admin", async () => {
  const one = await deleted();
  expect(await one.importAs(one.owner.token, one.index)).toBe(one.id);
  expect(Object.keys(await exported("GET", `/v2/workspaces/${one.id}/export`))).toContain(
    "current/index.yml",
  );
  const two = await deleted();
  expect(await two.importAs(undefined, two.index)).toBe(two.id);
});
