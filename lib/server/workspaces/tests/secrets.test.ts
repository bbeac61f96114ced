import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine } from "@/lib/testing/engine";

await describeOnDatabases("Secrets over the API", (database) => {
  test("a description alone keeps the value and the origin it is bound to, and needs a value that is there", async () => {
    const instance = await startEngine({ database });
    try {
      const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop" } });
      const { id } = created.body as { id: string };
      const patch = (json: object) =>
        instance.call("PATCH", `/v2/workspaces/${id}/security/secrets`, { json });
      await patch({ key: { value: "first value", description: "old" } });
      const { secrets } = instance.engine.store;
      const stored = async () => (await secrets.list(id)).find(({ name }) => name === "key");
      const bound = (await secrets.list(id)).map((record) => ({
        ...record,
        origin: "https://git.example:443",
      }));
      await secrets.put(id, bound, "system", []);
      const described = await patch({ key: { description: "new" } });
      expect(described.body).toEqual({ key: { value: "first value", description: "new" } });
      expect((await stored())?.origin).toBe("https://git.example:443");
      await patch({ key: { value: "second value" } });
      expect(await stored()).toMatchObject({ origin: null, description: "new" });
      const refused = await patch({ other: { description: "new" } });
      expect(refused).toMatchObject({ status: 400, body: { details: { name: "other" } } });
      expect(await secrets.list(id)).toHaveLength(1);
    } finally {
      await instance.close();
    }
  });
});
