import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { error, withWorkspace } from "@/lib/testing/workspace";

await describeOnDatabases("Copies and status", (database) => {
  test("A copy has the files, and neither the secrets nor the domains nor the identity", () =>
    withWorkspace(database, async ({ instance, id, call, put }) => {
      await put(
        "index.yml",
        "# mine\nname: Shop\nslug: shop\ncustomDomains: [shop.example]\nconfig: {value: {a: 1}}\n",
      );
      await put("automations/a.yml", "slug: a\n");
      await call("PATCH", "/security/secrets", { json: { key: { value: "stays here" } } });
      const copy = await call("POST", "/duplicate", { json: {} });
      expect([copy.status, copy.body]).toMatchObject([200, { slug: "shop-copy", dirty: true }]);
      const other = `/v2/workspaces/${(copy.body as { id: string }).id}`;
      const { text } = await instance.call("GET", `${other}/sources/index.yml`);
      expect(text).toContain("# mine\nname: Shop (copy)\nslug: shop-copy\nconfig: {value: {a: 1}}\n");
      expect(text).not.toContain("shop.example");
      expect((await instance.call("GET", other)).body).toMatchObject({
        customDomains: [],
        automations: { a: {} },
      });
      expect((await instance.call("GET", `${other}/security/secrets`)).body).toEqual({});
      expect((await call("POST", "/duplicate", { json: { slug: "shop" } })).body).toEqual(
        error("SlugAlreadyInUse"),
      );
      const viewer = await instance.user({ role: "viewer", workspaceId: id });
      const own = await call("POST", "/duplicate", { json: {}, token: viewer.token });
      const owned = `/v2/workspaces/${(own.body as { id: string }).id}`;
      expect((await instance.call("DELETE", owned, { token: viewer.token })).status).toBe(200);
    }));

  test("The status compares live files with what was last synchronised, by checksum", () =>
    withWorkspace(database, async ({ call, put }) => {
      await put("pages/a/b.yml", "slug: a/b\n");
      await put("imports/Custom Code.yml", "appSlug: Custom Code\n");
      const { body } = await call("GET", "/status");
      expect(body).toMatchObject({
        dirty: true,
        checksums: {
          automations: {},
          pages: { "a/b": expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string },
          imports: { "Custom Code": expect.stringMatching(/^sha256:/) as string },
        },
        changes: expect.arrayContaining([
          expect.objectContaining({ path: "pages/a/b.yml", kind: "added", type: "pages", slug: "a/b" }),
        ]) as unknown,
      });
    }));
});
