import { expect, test } from "vitest";
import { systemViewer } from "@/lib/server/viewer";
import { changeContents, utf8 } from "@/lib/server/workspaces/contents/change";
import { applyEditsInTurn } from "@/lib/server/workspaces/edits/apply";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { aForm, aZip } from "@/lib/testing/zip/zip";

const COUNT = 10;
const numbers = Array.from({ length: COUNT }, (_, number) => number);
const all = (status: number) => numbers.map(() => status);

await describeOnDatabases("Writes at the same moment", (database) => {
  async function withInstance(run: (instance: TestInstance) => Promise<void>) {
    const instance = await startEngine({ database });
    try {
      await run(instance);
    } finally {
      await instance.close();
    }
  }

  test("of many files of a workspace without If-Match all succeed, and none is lost", () =>
    withInstance(async (instance) => {
      const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop" } });
      const path = `/v2/workspaces/${(created.body as { id: string }).id}`;
      const puts = numbers.map((number) =>
        instance.call("PUT", `${path}/sources/automations/a${String(number)}.yml`, { text: "do: []\n" }),
      );
      expect((await Promise.all(puts)).map(({ status }) => status)).toEqual(all(200));
      const posts = numbers.map((number) =>
        instance.call("POST", `${path}/pages`, { json: { slug: `p${String(number)}`, name: "P" } }),
      );
      const patches = numbers.map((number) =>
        instance.call("PATCH", `${path}/config`, { json: { value: { [`k${String(number)}`]: number } } }),
      );
      const answers = await Promise.all([...posts, ...patches]);
      expect(answers.map(({ status }) => status)).toEqual([...all(200), ...all(200)]);
      const { automations, pages } = (await instance.call("GET", path)).body as Record<string, object>;
      expect([Object.keys(automations ?? {}), Object.keys(pages ?? {})].map(({ length }) => length)).toEqual([
        COUNT,
        COUNT,
      ]);
    }));

  test("of other server processes, one after the other to the same file, refuse none for that", () =>
    withInstance(async ({ engine, call }) => {
      const { id } = (await call("POST", "/v2/workspaces", { json: { name: "Shop" } })).body as {
        id: string;
      };
      const viewer = systemViewer("user", "busy");
      const write = (text: string) => new Map([["automations/a.yml", utf8(`name: "${text}"\n`)]]);
      let others = 0;
      await changeContents(engine, viewer, id, async () => {
        // What waits for no turn here is as good as another process's.
        if (others < 12) await applyEditsInTurn(engine, viewer, id, write(String(++others)));
        return { edits: write("mine") };
      });
      expect(others).toBe(12);
      const file = await call("GET", `/v2/workspaces/${id}/sources/automations/a.yml`);
      expect(file.text).toBe('name: "mine"\n');
    }));

  test("of one file with the same If-Match only one succeeds", () =>
    withInstance(async (instance) => {
      const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop" } });
      const path = `/v2/workspaces/${(created.body as { id: string }).id}/sources/automations/a.yml`;
      const etag = (await instance.call("PUT", path, { text: "name: A\n" })).headers.get("etag") ?? "";
      const puts = numbers.map((number) =>
        instance.call("PUT", path, { text: `name: ${String(number)}\n`, headers: { "if-match": etag } }),
      );
      const statuses = (await Promise.all(puts)).map(({ status }) => status).sort();
      expect(statuses).toEqual([200, ...all(412).slice(1)]);
    }));

  test("of workspaces with one name give each a slug of its own; a slug that is asked for goes to one", () =>
    withInstance(async (instance) => {
      const create = (json: object) =>
        Promise.all(numbers.map(() => instance.call("POST", "/v2/workspaces", { json })));
      const named = await create({ name: "Same" });
      expect(named.map(({ status }) => status)).toEqual(all(200));
      expect(new Set(named.map(({ body }) => (body as { slug: string }).slug)).size).toBe(COUNT);
      const zip = await aZip({ "shop/index.yml": "name: Shop\nslug: shop\n" });
      const imports = numbers.map(() =>
        instance.call("POST", "/v2/workspaces/import?timeout=60", { form: aForm(zip) }),
      );
      expect((await Promise.all(imports)).map(({ status }) => status)).toEqual(all(200));
      const asked = (await create({ name: "Other", slug: "other" })).map(({ status }) => status).sort();
      expect(asked).toEqual([200, ...all(409).slice(1)]);
    }));
});
