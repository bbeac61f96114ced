import { expect, test } from "vitest";
import { SecretValue } from "@/lib/domain/repository";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine } from "@/lib/testing/engine";
import { error, withWorkspace } from "@/lib/testing/workspace";
import { MasterKey } from "../env/master-key";
import { sealSecret } from "./secrets";

const OLD = "0a".repeat(32);
const NEW = "0b".repeat(32);

await describeOnDatabases("Secrets", (database) => {
  test("The master key is rotated by a start that names both keys; the old one alone is refused from then on", async () => {
    const first = await startEngine({ database, env: { SWITCHYARD_MASTER_KEY: OLD } });
    const made = await first.call("POST", "/v2/workspaces", { json: { name: "Shop" } });
    const path = `/v2/workspaces/${(made.body as { id: string }).id}/security/secrets`;
    const secrets = { token: { value: "value-number-1", description: "for git" } };
    await first.call("PATCH", path, { json: secrets });
    await first.close();

    await expect(startEngine({ database, env: { SWITCHYARD_MASTER_KEY: NEW } })).rejects.toThrow(
      /set it in SWITCHYARD_MASTER_KEY_PREVIOUS/,
    );
    const both = { SWITCHYARD_MASTER_KEY: NEW, SWITCHYARD_MASTER_KEY_PREVIOUS: OLD };
    const second = await startEngine({ database, env: both });
    expect((await second.call("GET", path)).body).toEqual(secrets);
    // Another process that was not restarted yet still seals with the old key.
    const old = new MasterKey(Buffer.from(OLD, "hex"));
    const { workspaces } = second.engine.store;
    const shop = await workspaces.getBySlug("shop");
    const late = sealSecret(old, shop?.id ?? "", {
      name: "late",
      version: 1,
      value: new SecretValue("late value"),
    });
    await second.engine.store.secrets.put(shop?.id ?? "", [late], "ada", []);
    expect((await second.call("GET", path)).body).toMatchObject({ late: { value: "late value" } });
    await second.close();

    const third = await startEngine({ database, env: both });
    await third.close();
    const last = await startEngine({ database, env: { SWITCHYARD_MASTER_KEY: NEW } });
    expect((await last.call("GET", path)).body).toEqual({ ...secrets, late: { value: "late value" } });
    await last.close();
    await expect(startEngine({ database, env: { SWITCHYARD_MASTER_KEY: OLD } })).rejects.toThrow(
      /belongs to/,
    );
  });

  test("PUT replaces all, PATCH merges, null deletes; reserved names are a super admin's; the environment's are marked", () =>
    withWorkspace(
      database,
      async ({ instance, id, call, events }) => {
        const owner = await instance.user({ role: "owner", workspaceId: id });
        const ask = (method: string, json?: unknown, token = owner.token) =>
          call(method, "/security/secrets", json === undefined ? { token } : { json, token });
        const supplied = { value: "from the environment", environment: true };
        expect((await ask("GET")).body).toEqual({ supplied });
        await call("PATCH", "/security/secrets", { json: { prismeai_limit: { value: "reserved value" } } });
        await ask("PATCH", { a: { value: "value a", description: "first" }, b: { value: "value b" } });
        expect((await ask("PATCH", { a: null, c: { value: "value c" } })).body).toEqual({
          b: { value: "value b" },
          c: { value: "value c" },
          supplied,
        });
        const put = await ask("PUT", { c: { value: "value c2" }, supplied: { value: "stored wins" } });
        expect(put.body).toEqual({ c: { value: "value c2" }, supplied: { value: "stored wins" } });
        expect((await call("GET", "/security/secrets")).body).toMatchObject({
          prismeai_limit: { value: "reserved value" },
        });
        for (const json of [{ prismeai_limit: { value: "x" } }, { prismeai_limit: null }])
          expect((await ask("PATCH", json)).body).toEqual(error("PermissionDenied"));
        const remove = await call("DELETE", "/security/secrets/prismeai_limit", { token: owner.token });
        expect([remove.status, remove.body]).toEqual([403, error("PermissionDenied")]);
        expect((await ask("PUT", { "bad name": { value: "x" } })).status).toBe(400);
        expect((await ask("PUT", { a: { value: "x".repeat(20_001) } })).status).toBe(400);
        expect((await ask("PUT", {})).body).toEqual({ supplied });
        const told = (await events()).filter(({ type }) => type === "workspaces.secrets.updated");
        expect(told.map(({ payload }) => payload)).toEqual([
          { names: ["prismeai_limit"], deleted: [] },
          { names: ["a", "b"], deleted: [] },
          { names: ["c", "a"], deleted: ["a"] },
          { names: ["c", "supplied", "b"], deleted: ["b"] },
          { names: ["c", "supplied"], deleted: ["c", "supplied"] },
        ]);
      },
      { env: { WORKSPACE_SECRET_shop_supplied: "from the environment" } },
    ));
});
