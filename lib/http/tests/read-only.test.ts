import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { database } from "@/lib/testing/database";
import { ADMIN, startEngine, type TestInstance } from "@/lib/testing/engine";

let owned: Awaited<ReturnType<typeof database>>;
let instance: TestInstance;

beforeAll(async () => {
  owned = await database("postgresql");
  instance = await startEngine({
    database: owned,
    env: { SWITCHYARD_MASTER_KEY: "ab".repeat(32), LOG_LEVEL: "silent" },
  });
});

afterAll(async () => {
  await instance.close();
  await owned.close();
});

/** Lets the whole database be read only, or written again, as an operator or a failover does. */
async function setReadOnly(isReadOnly: boolean): Promise<void> {
  const client = new Client({ connectionString: owned.url });
  await client.connect();
  const name = client.escapeIdentifier(new URL(owned.url).pathname.slice(1));
  await client.query("SET default_transaction_read_only = off");
  await client.query(
    `ALTER DATABASE ${name} SET default_transaction_read_only = ${isReadOnly ? "on" : "off"}`,
  );
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  await client.end();
}

test("while the database takes no writes they are 503 with Retry-After, reads go on, and nothing needs a restart", async () => {
  const { token } = await instance.user();
  const { body } = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop", slug: "shop" } });
  const { id } = body as { id: string };
  await setReadOnly(true);
  const writes = [
    () => instance.call("POST", "/v2/workspaces", { json: { name: "Blog", slug: "blog" } }),
    () => instance.call("PATCH", `/v2/workspaces/${id}`, { json: { name: "Store" } }),
    () => instance.call("POST", `/v2/workspaces/${id}/versions`, { json: { name: "v1" } }),
    () => instance.call("POST", "/v2/signin", { token: null, json: ADMIN }),
  ];
  for (const write of writes) {
    // The first of a pool whose connections were all cut off may find one of those.
    let answer = await write();
    while (answer.text.includes("does not respond")) answer = await write();
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "30"]);
    expect(answer.body).toMatchObject({ error: "Unavailable" });
    expect(answer.text).toContain("is read-only at the moment");
  }
  // A token that was not used before: that it is used now cannot be written down.
  expect((await instance.call("GET", "/v2/me", { token })).status).toBe(200);
  expect((await instance.call("GET", `/v2/workspaces/${id}`)).body).toMatchObject({ name: "Shop" });
  expect((await instance.call("GET", "/v2/readiness")).status).toBe(200);
  await setReadOnly(false);
  let after = await instance.call("POST", "/v2/workspaces", { json: { name: "Blog", slug: "blog" } });
  while (after.status === 503)
    after = await instance.call("POST", "/v2/workspaces", { json: { name: "Blog", slug: "blog" } });
  expect(after.status).toBe(200);
});
