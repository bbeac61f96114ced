import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine } from "@/lib/testing/engine";

const STORED = "s3cret-canary-of-the-shop";
const SUPPLIED = "s3cret-canary-of-the-environment";

await describeOnDatabases("A workspace's secrets", (database) => {
  test("are hidden in its events and in the errors about it, and files stay as they were written", async () => {
    const env = { WORKSPACE_SECRET_shop_supplied: SUPPLIED };
    const instance = await startEngine({ database, env });
    try {
      const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop" } });
      const path = `/v2/workspaces/${(created.body as { id: string }).id}`;
      const call = (method: string, rest: string, options = {}) =>
        instance.call(method, path + rest, options);
      await call("PATCH", "/security/secrets", { json: { key: { value: STORED } } });
      for (const secret of [STORED, SUPPLIED]) {
        const payload = { text: `x ${secret}`, [secret]: { base64: Buffer.from(secret).toString("base64") } };
        const text = `slug: leak\nname: ${secret}\n`;
        const answers = [
          await call("POST", "/events", { json: { type: "order.paid", payload } }),
          await call("GET", `/sources/${secret}.yml`),
          await call("PUT", `/sources/pages/a.yml`, { text: `${secret}: [\n` }),
          await call("POST", "/versions", { json: { name: `${secret} v1` } }),
          await call("PATCH", "", { json: { [secret]: true } }),
        ];
        expect(answers.map(({ status }) => status)).toEqual([200, 404, 422, 400, 400]);
        await call("PUT", "/sources/automations/leak.yml", { text });
        expect((await call("GET", "/sources/automations/leak.yml")).text).toBe(text);
        const feed = await call("GET", "/events?limit=100");
        const told = [...answers, feed].map((answer) => answer.text).join("\n");
        expect(feed.text).toContain("workspaces.automations");
        expect(told).not.toContain(secret);
        expect(told).not.toContain(Buffer.from(secret).toString("base64"));
      }
    } finally {
      await instance.close();
    }
  });

  test("that cannot be decrypted any more stand in the way of no edit", async () => {
    const instance = await startEngine({ database });
    try {
      const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop" } });
      const { id } = created.body as { id: string };
      const damaged = {
        name: "old",
        version: 1,
        keyId: "lost",
        nonce: new Uint8Array(12),
        ciphertext: new Uint8Array(40),
        description: null,
        origin: null,
      };
      await instance.engine.store.secrets.change(id, { put: [damaged], delete: [], userId: "system" }, []);
      const put = await instance.call("PUT", `/v2/workspaces/${id}/sources/a.yml`, { text: "a: 1\n" });
      expect(put.status).toBe(200);
      const event = await instance.call("POST", `/v2/workspaces/${id}/events`, { json: { type: "a" } });
      expect(event.status).toBe(200);
    } finally {
      await instance.close();
    }
  });
});
