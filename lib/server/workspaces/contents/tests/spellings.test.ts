import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { error, withWorkspace } from "@/lib/testing/workspace";

await describeOnDatabases("Of a file in several spellings", (database) => {
  test(".yml is read before .yaml before .json; the others are kept, can be edited and deleted, and no new one is made", () =>
    withWorkspace(database, async ({ call, seed, detail, source, paths }) => {
      await seed({
        "index.yaml": "name: Second\n",
        "security.json": "{}",
        "automations/a.json": '{"name": "json"}',
        "automations/a.yaml": "name: yaml\n",
        "automations/a.yml": "name: yml\n",
      });
      expect(await detail()).toMatchObject({ name: "Shop" });
      const list = (await call("GET", "/automations")).body;
      expect(list).toMatchObject([
        { slug: "a", name: "yml" },
        {
          slug: "a.json",
          unreadable: expect.stringContaining("automations/a.yml, which takes precedence") as string,
        },
        { slug: "a.yaml" },
      ]);
      expect((await call("PATCH", "/automations/a", { json: { name: "new" } })).status).toBe(200);
      expect([await source("automations/a.yml"), await source("automations/a.yaml")]).toEqual([
        "name: new\n",
        "name: yaml\n",
      ]);
      expect((await call("PATCH", "", { json: { name: "Renamed" } })).status).toBe(200);
      expect(await source("index.yaml")).toBe("name: Second\n");
      expect((await call("PUT", "/sources/index.yaml", { text: "name: Third\n" })).status).toBe(200);
      expect(await detail()).toMatchObject({ name: "Renamed" });
      for (const path of ["index.yml", "security.yml"]) {
        const kept = await call("DELETE", `/sources/${path}`);
        if (path === "index.yml") expect([kept.status, kept.body]).toEqual([400, error("InvalidRequest")]);
      }
      for (const path of ["index.yaml", "automations/a.yaml", "automations/a.json"])
        expect((await call("DELETE", `/sources/${path}`)).status).toBeLessThan(300);
      for (const path of ["index.yaml", "index.json", "automations/a.yaml", "automations/a.json"]) {
        const second = await call("PUT", `/sources/${path}`, { text: "{}" });
        expect([second.status, second.text]).toEqual([
          400,
          expect.stringContaining(".yml counts before .yaml"),
        ]);
      }
      const moved = { files: { "automations/a.yml": null, "automations/a.yaml": "name: moved\n" } };
      expect((await call("PATCH", "/sources", { json: moved })).status).toBe(200);
      expect(await paths()).toContain("automations/a.yaml");
    }));

  test("JSON with comments and other ordinary files are written and listed as they are, and are no pages", () =>
    withWorkspace(database, async ({ call, put, source, detail }) => {
      const tsconfig = '{\n  // comment\n  "strict": true,\n}\n';
      await put("pages/widget/tsconfig.json", tsconfig);
      await put("pages/widget/list.json", "[1]");
      const served = await call("GET", "/sources/pages/widget/tsconfig.json");
      expect(served.headers.get("content-type")).toContain("text/plain");
      await put("pages/widget/ci.yml", "on: push\njobs: [\n");
      await put("notes/broken.json", "{");
      await put("pages/docs/a.yml", "slug: docs/a\n");
      expect(await source("pages/widget/tsconfig.json")).toBe(tsconfig);
      expect(Object.keys((await detail()).pages)).toEqual(["docs/a"]);
      const refused = await call("PUT", "/sources/pages/top.json", { text: tsconfig });
      expect([refused.status, refused.body]).toEqual([422, error("UnreadableContent")]);
      const { body } = await call("GET", "/status");
      expect(body).toMatchObject({ errors: [], pages: { "docs/a": expect.any(String) as string } });
    }));
});
