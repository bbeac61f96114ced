import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { withWorkspace } from "@/lib/testing/workspace";
import { aForm } from "@/lib/testing/zip/zip";

const NAMES = ["__proto__", "constructor", "hasOwnProperty", "toString", "valueOf"];
const KINDS = ["automations", "pages", "imports"] as const;

const map = (value: (name: string) => string) => NAMES.map((name) => `  ${name}: ${value(name)}\n`).join("");

await describeOnDatabases("Names of JavaScript's own objects", (database) => {
  test("are files, slugs, keys, labels, roles and secrets like any other", () =>
    withWorkspace(database, async ({ call, detail, instance, put, seed, paths }) => {
      const files = KINDS.flatMap((kind) =>
        NAMES.map((name) => [`${kind}/${name}.yml`, `slug: ${name}\nappSlug: ${name}\ntoString: kept\n`]),
      );
      await seed(Object.fromEntries(files) as Record<string, string>);
      await put(
        "index.yml",
        `name: Shop\nslug: shop\nlabels: [constructor, toString]\nconfig:\n  value:\n${map(
          () => "'{{config.valueOf}}'",
        )
          .replaceAll("\n  ", "\n    ")
          .replace(
            /^ {2}/,
            "    ",
          )}blocks:\n${map((name) => `{name: ${name}}`)}secrets:\n  schema: {constructor: {type: string}}\n`,
      );
      await put(
        "security.yml",
        `authorizations:\n  roles:\n    constructor: {}\n    toString: {}\n  rules:\n    - {role: constructor, action: read, subject: workspaces}\n`,
      );
      const shown = await detail();
      for (const kind of KINDS) {
        expect(Object.keys(shown[kind]).sort(), kind).toEqual(NAMES);
        const list = await call("GET", `/${kind === "imports" ? "apps" : kind}`);
        expect((list.body as { slug: string }[]).map(({ slug }) => slug).sort()).toEqual(NAMES);
      }
      expect(Object.keys(shown.blocks).sort()).toEqual(NAMES);
      expect(Object.keys(shown.config?.value ?? {}).sort()).toEqual(NAMES);
      for (const path of [
        "/config",
        "/config?effective=true",
        "/blocks",
        "/security",
        "/status",
        "/search",
      ]) {
        const isSearch = path === "/search";
        const query = {
          json: {
            query: { term: { "payload.constructor": "x" } },
            source: ["payload.__proto__", "payload.toString"],
          },
        };
        const { status } = await call(isSearch ? "POST" : "GET", path, isSearch ? query : {});
        expect([path, status]).toEqual([path, 200]);
      }
      for (const name of NAMES) {
        const part = await call("PATCH", `/automations/${name}`, { json: { name: "Named" } });
        expect([part.status, part.body]).toMatchObject([
          200,
          { slug: name, name: "Named", toString: "kept" },
        ]);
        expect((await call("GET", `/pages/${name}`)).status).toBe(200);
        expect((await call("GET", `/sources/pages/${name}.yml`)).status).toBe(200);
        for (const path of [`/events?${name}=1`, `/events?payload.${name}=1`, `/versions/${name}/changes`])
          expect((await call("GET", path)).status).toBeLessThan(500);
        expect((await instance.call("GET", `/v2/apps/${name}`)).status).toBe(404);
        expect((await instance.call("GET", `/v2/workspaces?labels=${name}&${name}=1`)).status).toBe(200);
        const pull = await call("POST", "/pull", { json: { repository: { id: name } } });
        expect(pull.status).toBe(404);
        for (const body of [{ repository: { id: name } }, { [name]: 1 }])
          expect((await call("POST", "/versions", { json: body })).status).toBeLessThan(500);
      }
      const secrets = Object.fromEntries(NAMES.slice(1).map((name) => [name, { value: `value of ${name}` }]));
      expect((await call("PATCH", "/security/secrets", { json: secrets })).status).toBe(200);
      expect((await call("GET", "/security/secrets")).body).toMatchObject(secrets);
      const config = { value: { constructor: "new", toString: null } };
      expect((await call("PATCH", "/config", { json: config })).body).toMatchObject({
        value: { constructor: "new" },
      });
      const roles = { authorizations: { roles: { valueOf: {}, constructor: {} } } };
      expect((await call("PATCH", "/security", { json: roles })).body).toMatchObject(roles);

      const archive = await instance.request("GET", (await idPath(detail)) + "/export");
      const form = aForm(Buffer.from(await archive.arrayBuffer()));
      const copy = await instance.call("POST", "/v2/workspaces/import", { form });
      expect([
        copy.status,
        (copy.body as { errors: { err: string }[] }).errors.map(({ err }) => err),
      ]).toEqual([200, ["SlugAlreadyInUse"]]);
      expect((copy.body as { imported: string[] }).imported).toEqual(expect.arrayContaining(await paths()));
      const saved = await call("POST", "/versions", { json: { name: "toString" } });
      expect([
        saved.status,
        (await call("POST", "/versions/toString/rollback", { json: {} })).status,
      ]).toEqual([200, 200]);
    }));
});

async function idPath(detail: () => Promise<{ id: string }>): Promise<string> {
  return `/v2/workspaces/${(await detail()).id}`;
}
