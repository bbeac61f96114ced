import { afterEach, beforeEach, expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { aForm, aZip } from "@/lib/testing/zip/zip";

await describeOnDatabases("Owners", (database) => {
  let instance: TestInstance;
  beforeEach(async () => {
    instance = await startEngine({ database });
  });
  afterEach(() => instance.close());

  const owners = async (id: string) =>
    (await instance.engine.store.accounts.bindingsOf("workspace", id)).map(({ subject, role }) => [
      subject,
      role,
    ]);

  test("of two who bring the same workspace in at once one owns it, and nobody else", async () => {
    const archive = await aZip({ "a/index.yml": "id: Kept123\nname: Kept\nslug: kept\n" });
    const people = [await instance.user(), await instance.user()];
    const answers = await Promise.all(
      [...people, ...people].map(({ token }) =>
        instance.call("POST", "/v2/workspaces/import?timeout=60", { token, form: aForm(archive) }),
      ),
    );
    const made = answers.flatMap(({ status, body }, index) =>
      status === 200
        ? (body as { createdWorkspaceIds: string[] }).createdWorkspaceIds.map((id) => ({
            id,
            owner: people[index % 2]?.id,
          }))
        : [],
    );
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ id }) => id)).size).toBe(made.length);
    expect(made.map(({ id }) => id)).toContain("Kept123");
    for (const { id, owner } of made) expect(await owners(id)).toEqual([[owner, "owner"]]);
  });

  test("nobody owns a workspace that could not be created, nor one that was deleted", async () => {
    const { id: userId, token } = await instance.user();
    const create = (json: object) => instance.call("POST", "/v2/workspaces", { token, json });
    const { id } = (await create({ name: "Shop", slug: "shop" })).body as { id: string };
    expect(await owners(id)).toEqual([[userId, "owner"]]);
    expect((await create({ name: "Other", slug: "shop" })).status).toBe(409);
    expect(await instance.engine.store.accounts.bindings(userId, [])).toHaveLength(1);
    const copy = await instance.call("POST", `/v2/workspaces/${id}/duplicate`, { token, json: {} });
    expect(await owners((copy.body as { id: string }).id)).toEqual([[userId, "owner"]]);
    await instance.call("DELETE", `/v2/workspaces/${id}`, { token });
    expect(await owners(id)).toEqual([]);
  });
});
