import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { error, withWorkspace } from "@/lib/testing/workspace";

const WORDS = [
  "404",
  "2024-01-02",
  "true",
  "null",
  "~",
  "on",
  "18:30",
  "1e3",
  "0x1F",
  "1.10",
  "-0",
  ".inf",
  "007",
];

await describeOnDatabases("What stands in a file without quotes", (database) => {
  test("is the slug and the name that it says, whatever YAML takes it for, and the lists answer", () =>
    withWorkspace(database, async ({ call, detail, source }) => {
      const files = WORDS.flatMap((word, at) => [
        [`automations/a${String(at)}.yml`, `slug: ${word}\nname: ${word}\ndo: []\n`],
        [`pages/p${String(at)}.yml`, `slug: ${word}\nname: ${word}\n`],
        [`imports/i${String(at)}.yml`, `slug: ${word}\nappSlug: ${word}\nappVersion: 1.10\n`],
      ]);
      const json = { files: Object.fromEntries(files) as Record<string, string> };
      expect((await call("PATCH", "/sources", { json })).status).toBe(200);
      for (const kind of ["automations", "pages"]) {
        const { status, body } = await call("GET", `/${kind}`);
        expect([status, body]).toEqual([
          200,
          expect.arrayContaining(
            WORDS.map((word): unknown => expect.objectContaining({ slug: word, name: word })),
          ),
        ]);
        for (const word of WORDS.slice(0, 5))
          expect((await call("GET", `/${kind}/${encodeURIComponent(word)}`)).body).toMatchObject({
            slug: word,
            name: word,
          });
      }
      const apps = (await call("GET", "/apps")).body as { slug: string }[];
      expect(apps.map(({ slug }) => slug).sort()).toEqual([...WORDS].sort());
      expect(apps[0]).toMatchObject({ appVersion: "1.10" });
      const { automations, pages, imports, dependsOn } = await detail();
      for (const map of [automations, pages, imports])
        expect(Object.keys(map).sort()).toEqual([...WORDS].sort());
      expect(dependsOn).toContain("app/0x1F");
      // A change of one field puts no quotes around the others.
      expect((await call("PATCH", "/automations/404", { json: { description: "d" } })).status).toBe(200);
      expect(await source("automations/a0.yml")).toBe("slug: 404\nname: 404\ndo: []\ndescription: d\n");
      expect((await call("PATCH", "/automations/null", { json: { name: "named" } })).body).toMatchObject({
        slug: "null",
        name: "named",
      });
      expect(await source("automations/a3.yml")).toBe("slug: null\nname: named\ndo: []\n");
    }));

  test("is text in index.yml and security.yml as well, and a key is the text that stands there", () =>
    withWorkspace(database, async ({ call, put, detail, instance, id }) => {
      await put(
        "index.yml",
        "name: 2024-01-02\nslug: 404\ndescription: true\nlabels: [10.10, 0x1F, on]\nphoto: null\nconfig:\n  block: 7\n  value:\n    1.10: a\n    null: b\nblocks:\n  0x1F: {name: x}\nsecrets: {schema: {1e3: {type: string}}}\n",
      );
      expect(await detail()).toMatchObject({
        name: "2024-01-02",
        slug: "404",
        description: "true",
        labels: ["0x1F", "10.10", "on"],
        config: { block: "7", value: { "1.10": "a", null: "b" } },
        blocks: { "0x1F": { name: "x" } },
        secrets: { schema: { "1e3": { type: "string" } } },
      });
      expect((await detail()).photo).toBeUndefined();
      const rows = (await instance.call("GET", "/v2/workspaces?slug=404")).body as { id: string }[];
      expect(rows.map((row) => row.id)).toEqual([id]);
      expect((await call("GET", "/config")).body).toMatchObject({ value: { "1.10": "a", null: "b" } });
      await put(
        "security.yml",
        "authorizations:\n  roles:\n    404: {}\n    null: {}\n  rules:\n    - {role: 404, action: [read, 1.10], subject: workspaces, reason: 5}\n",
      );
      const security = await call("GET", "/security");
      expect([security.status, security.body]).toMatchObject([
        200,
        {
          authorizations: {
            roles: { 404: {}, null: {} },
            rules: [{ role: "404", action: ["read", "1.10"], reason: "5" }],
          },
        },
      ]);
    }));

  test("A part that cannot be read is listed with its problem and takes no other part with it", () =>
    withWorkspace(database, async ({ call, detail, put, seed }) => {
      await put("automations/fine.yml", "name: Fine\ndo: []\n");
      await seed({
        "automations/broken.yml": "name: [\n",
        "automations/list.yml": "- a\n",
        "automations/map-slug.yml": "slug: {a: 1}\ndo: []\n",
        "automations/list-name.yml": "name: [a]\ndo: []\n",
        "automations/bad-slug.yml": "slug: ' ../x '\ndo: []\n",
        "automations/twin.yml": "slug: fine\nname: Twin\ndo: []\n",
        "automations/fine.json": '{"name": "JSON"}',
        "pages/a.json": '{"slug": null, "name": 1.10}',
        "pages/b.json": '{"slug": 404, "name": true}',
      });
      const { status, body } = await call("GET", "/automations");
      const listed = body as { slug: string; name?: unknown; unreadable?: string }[];
      expect([status, listed.map(({ slug }) => slug)]).toEqual([
        200,
        ["bad-slug", "broken", "fine", "fine.json", "list", "list-name", "map-slug", "twin"],
      ]);
      const problems = new Map(listed.map(({ slug, unreadable }) => [slug, unreadable]));
      expect(problems.get("fine")).toBeUndefined();
      for (const slug of ["bad-slug", "broken", "list", "list-name", "map-slug", "twin", "fine.json"])
        expect(problems.get(slug)).toContain(`automations/${slug.replace(/\.json$/, "")}.`);
      expect(Object.keys((await detail()).automations)).toHaveLength(8);
      expect((await call("GET", "/automations/broken")).body).toEqual(error("UnreadableContent"));
      expect((await call("GET", "/automations/fine")).body).toMatchObject({ name: "Fine" });
      expect((await call("GET", "/pages")).body).toEqual([
        { slug: "404", name: "true" },
        { slug: "a", name: "1.10" },
      ]);
      // What is wrong can be mended where it is told.
      const mended = await call("PATCH", "/automations/list-name", { json: { name: "Mended" } });
      expect([mended.status, mended.body]).toEqual([200, { slug: "list-name", name: "Mended", do: [] }]);
      expect((await call("PATCH", "/automations/twin", { json: { slug: "twin" } })).body).toEqual({
        slug: "twin",
        name: "Twin",
        do: [],
      });
      for (const path of ["/status", "/sources", ""]) expect((await call("GET", path)).status).toBe(200);
    }));
});
