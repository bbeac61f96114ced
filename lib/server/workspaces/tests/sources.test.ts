import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine, type Answer, type Call, type TestInstance } from "@/lib/testing/engine";
import { contentsOf } from "@/lib/testing/store-builders";

const error = (code: string) => expect.objectContaining({ error: code }) as unknown;

await describeOnDatabases("Sources", (database) => {
  async function withShop(
    run: (shop: {
      instance: TestInstance;
      id: string;
      call(method: string, path: string, options?: Call): Promise<Answer>;
      events(): Promise<{ type: string; payload: Record<string, unknown> }[]>;
    }) => Promise<void>,
    env?: Record<string, string>,
  ) {
    const instance = await startEngine({ database, ...(env ? { env } : {}) });
    try {
      const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop" } });
      const { id } = created.body as { id: string };
      const call = (method: string, path: string, options?: Call) =>
        instance.call(method, `/v2/workspaces/${id}${path}`, options);
      const events = async () => {
        const { body } = await call("GET", "/events?sort=asc&limit=500");
        return (body as { result: { events: { type: string; payload: Record<string, unknown> }[] } }).result
          .events;
      };
      await run({ instance, id, call, events });
    } finally {
      await instance.close();
    }
  }

  test("A new workspace has an index.yml that names it and is dirty", () =>
    withShop(async ({ call, id }) => {
      const index = await call("GET", "/sources/index.yml");
      expect(index.text).toBe(`id: ${id}\nname: Shop\nslug: shop\n`);
      expect(index.headers.get("content-type")).toBe("text/yaml; charset=utf-8");
      const detail = await call("GET", "");
      expect(detail.body).toMatchObject({ name: "Shop", slug: "shop", dirty: true, syncStatus: "dirty" });
      expect(id).toMatch(/^[0-9A-Za-z]{7}$/);
    }));

  test("A file is written and read byte for byte, with its blob id as ETag", () =>
    withShop(async ({ call }) => {
      const text = "# greets\nslug: 'hello'   \ndo:\n    - emit: {event: hi}\n";
      const written = await call("PUT", "/sources/automations/hello.yml", { text });
      expect([written.status, written.body]).toMatchObject([
        200,
        { path: "automations/hello.yml", text: true },
      ]);
      const read = await call("GET", "/sources/automations/hello.yml");
      expect(read.text).toBe(text);
      expect(read.headers.get("etag")).toBe(written.headers.get("etag"));
      const detail = (await call("GET", "")).body as { automations: Record<string, unknown> };
      expect(detail.automations).toEqual({ hello: { slug: "hello", do: [{ emit: { event: "hi" } }] } });
    }));

  test("If-Match guards a write: a file that changed meanwhile is refused with 412", () =>
    withShop(async ({ call }) => {
      const first = await call("PUT", "/sources/pages/home.yml", { text: "slug: home\n" });
      const etag = first.headers.get("etag") ?? "";
      const put = (text: string, headers: Record<string, string>) =>
        call("PUT", "/sources/pages/home.yml", { text, headers });
      expect((await put("slug: home\nname: A\n", { "if-match": etag })).status).toBe(200);
      const late = await put("slug: home\nname: B\n", { "if-match": etag });
      expect([late.status, late.body]).toEqual([412, error("PreconditionFailed")]);
      expect((await put("slug: home\n", { "if-none-match": "*" })).status).toBe(412);
      expect(
        (await call("DELETE", "/sources/pages/home.yml", { headers: { "if-match": etag } })).status,
      ).toBe(412);
      expect((await call("GET", "/sources/pages/home.yml")).text).toContain("name: A");
    }));

  test("Many files change at once or not at all", () =>
    withShop(async ({ call }) => {
      const before = await call("GET", "/sources");
      const broken = await call("PATCH", "/sources", {
        json: { files: { "pages/a.yml": "slug: a\n", "pages/b.yml": "slug: [\n" } },
      });
      expect([broken.status, broken.body]).toEqual([422, error("UnreadableContent")]);
      expect((broken.body as { details: unknown }).details).toMatchObject({ path: "pages/b.yml", line: 2 });
      expect((await call("GET", "/sources")).body).toEqual(before.body);
      const done = await call("PATCH", "/sources", {
        json: { files: { "pages/a.yml": "slug: a\n", "imports/Custom Code.yml": "appSlug: Custom Code\n" } },
      });
      expect((done.body as { files: { path: string }[] }).files.map(({ path }) => path)).toEqual([
        "imports/Custom Code.yml",
        "index.yml",
        "pages/a.yml",
        "security.yml",
      ]);
      expect((await call("GET", "/sources/imports/Custom%20Code.yml")).text).toBe("appSlug: Custom Code\n");
      // A name is decoded once: this file's own name holds a percent sign.
      expect((await call("PUT", "/sources/pages/50%2520off.yml", { text: "slug: sale\n" })).status).toBe(200);
      expect((await call("GET", "/sources")).text).toContain("pages/50%20off.yml");
    }));

  test("What cannot be a file of a workspace is refused and changes nothing", () =>
    withShop(
      async ({ call }) => {
        const before = await call("GET", "/sources");
        const patch = async (files: Record<string, string | null>) =>
          (await call("PATCH", "/sources", { json: { files } })).status;
        expect(await patch({ "../out.yml": "a: 1\n" })).toBe(400);
        expect(await patch({ ".git/config": "a: 1\n" })).toBe(400);
        expect(await patch({ ".import.yml": "a: 1\n" })).toBe(400);
        expect(await patch({ "photo.png": "text" })).toBe(400);
        expect(await patch({ "INDEX.yml": "a: 1\n" })).toBe(400);
        expect(await patch({ "index.yaml": "name: Two\n" })).toBe(400);
        expect(await patch({ "index.yml/page.yml": "a: 1\n" })).toBe(400);
        expect(await patch({ "index.yml": null })).toBe(400);
        expect(await patch({ "security.yml": null })).toBe(400);
        expect(await patch({ "pages/big.md": "x".repeat(2001) })).toBe(413);
        expect(await patch({ "a.md": "1", "b.md": "2", "c.md": "3" })).toBe(413);
        expect(await patch({ "index.yml": "name: Shop\nname: Twice\n" })).toBe(422);
        expect(await patch({ "index.yml": "slug: Not A Slug\n" })).toBe(422);
        expect((await call("GET", "/sources")).body).toEqual(before.body);
        expect((await call("DELETE", "/sources/pages/none.yml")).status).toBe(404);
      },
      { SWITCHYARD_LIMIT_FILE_BYTES: "2000", SWITCHYARD_LIMIT_FILES_PER_WORKSPACE: "4" },
    ));

  test("Changing settings keeps the comments, order and quoting of index.yml", () =>
    withShop(async ({ call, id }) => {
      const text = `# The shop of the north\nslug: shop\nname: 'Shop' # shown in lists\nconfig:\n  value: {a: "1"}\n`;
      expect((await call("PUT", "/sources/index.yml", { text })).status).toBe(200);
      const patched = await call("PATCH", "", { json: { labels: ["production:app"], description: "Sells" } });
      expect([patched.status, patched.body]).toMatchObject([200, { id, labels: ["production:app"] }]);
      expect((await call("GET", "/sources/index.yml")).text).toBe(
        `${text}description: Sells\nlabels:\n  - production:app\n`,
      );
      await call("PATCH", "", { json: { name: "Store" } });
      const now = (await call("GET", "/sources/index.yml")).text;
      expect(now).toContain("# The shop of the north");
      expect(now).toContain("name: 'Store' # shown in lists");
      expect((await call("GET", "")).body).toMatchObject({ name: "Store", description: "Sells" });
    }));

  test("Saving index.yml as text changes the record; a slug in use is 409 and changes nothing", () =>
    withShop(async ({ instance, call }) => {
      await instance.call("POST", "/v2/workspaces", { json: { name: "Taken" } });
      const taken = await call("PUT", "/sources/index.yml", { text: "name: Shop\nslug: taken\n" });
      expect([taken.status, taken.body]).toEqual([409, error("SlugAlreadyInUse")]);
      expect((await call("PATCH", "", { json: { slug: "taken" } })).status).toBe(409);
      expect(
        (await instance.call("POST", "/v2/workspaces", { json: { name: "X", slug: "taken" } })).status,
      ).toBe(409);
      const moved = await call("PUT", "/sources/index.yml", {
        text: "name: Shop 2\nslug: shop-2\nlabels: [a:b]\n",
      });
      expect(moved.status).toBe(200);
      const bySlug = await instance.call("GET", "/v2/workspaces/slug:shop-2");
      expect(bySlug.body).toMatchObject({ name: "Shop 2", labels: ["a:b"] });
      expect((await instance.call("GET", "/v2/workspaces/slug:shop")).status).toBe(404);
      expect((await instance.call("GET", "/v2/workspaces/labels")).body).toEqual(["a:b"]);
    }));

  test("Each edit tells its event, with who and why it can be traced", () =>
    withShop(async ({ call, events }) => {
      const headers = { "x-correlation-id": "edit-1" };
      const put = (path: string, text: string) => call("PUT", `/sources/${path}`, { text, headers });
      await put("automations/a.yml", "slug: a\n");
      await put("automations/a.yml", "slug: a\nname: A\n");
      await put("automations/a.yml", "slug: a\nname: A\n");
      await call("DELETE", "/sources/automations/a.yml");
      await put("pages/p.yml", "slug: p\n");
      await put("imports/i.yml", "appSlug: Tool\n");
      await put("imports/i.yml", "appSlug: Tool\nconfig: {}\n");
      await call("DELETE", "/sources/imports/i.yml");
      await put("security.yml", "authorizations: {roles: {}}\n");
      await put("index.yml", "name: Shop\nslug: shop\nconfig: {value: {a: 1}}\n");
      await put("README.md", "hello");
      const found = await events();
      expect(found.map(({ type }) => type)).toEqual([
        "workspaces.created",
        "workspaces.automations.created",
        "workspaces.automations.updated",
        "workspaces.automations.deleted",
        "workspaces.pages.created",
        "workspaces.apps.installed",
        "workspaces.apps.configured",
        "workspaces.apps.uninstalled",
        "workspaces.security.updated",
        "workspaces.updated",
        "workspaces.configured",
        "workspaces.updated",
      ]);
      expect(found[1]).toMatchObject({
        payload: { automation: { slug: "a" } },
        source: { correlationId: "edit-1" },
      });
      expect(found[5]).toMatchObject({ payload: { appInstance: { slug: "i", appSlug: "Tool" } } });
    }));

  test("A locked workspace refuses edits with 423 and says who, why and since when; reading goes on", () =>
    withShop(async ({ call }) => {
      const lock = await call("POST", "/writeLock", { json: { reason: "freeze for the release" } });
      const { writeLock } = lock.body as { writeLock: object };
      expect(lock.body).toMatchObject({ reason: "freeze for the release", writeLock });
      const refused = await call("PUT", "/sources/pages/p.yml", { text: "slug: p\n" });
      expect([refused.status, refused.body]).toEqual([423, error("WorkspaceLocked")]);
      expect(refused.body).toMatchObject({ details: { writeLock } });
      expect((refused.body as { message: string }).message).toContain("by you: “freeze for the release”");
      for (const [method, path, json] of [
        ["PATCH", "", { name: "No" }],
        ["DELETE", "", undefined],
        ["POST", "/writeLock", {}],
        ["POST", "/versions", {}],
      ] as const)
        expect((await call(method, path, json ? { json } : {})).status).toBe(423);
      expect((await call("GET", "")).body).toMatchObject({ writeLock });
      expect((await call("DELETE", "/writeLock")).body).toMatchObject({ cleared: writeLock });
      expect((await call("PUT", "/sources/pages/p.yml", { text: "slug: p\n" })).status).toBe(200);
      const { body } = await call("GET", "/events?type=workspaces.writeLock.*");
      const { events } = (body as { result: { events: { type: string }[] } }).result;
      expect(events.map(({ type }) => type)).toEqual([
        "workspaces.writeLock.cleared",
        "workspaces.writeLock.set",
      ]);
    }));

  test("Repositories and security need their own permission", () =>
    withShop(async ({ instance, id, call }) => {
      const editor = await instance.user({ role: "editor", workspaceId: id });
      const put = async (path: string, text: string) =>
        (await call("PUT", `/sources/${path}`, { text, token: editor.token })).status;
      const repositories = "repositories: {hub: {config: {url: 'https://git.example/a.git'}}}\n";
      expect(await put("index.yml", `name: Shop\nslug: shop\n${repositories}`)).toBe(403);
      expect(await put("security.yml", "authorizations: {rules: []}\n")).toBe(403);
      expect(await put("index.yml", "name: Renamed\nslug: shop\n")).toBe(200);
      const owned = await call("PUT", "/sources/index.yml", {
        text: `name: Shop\nslug: shop\n${repositories}`,
      });
      expect(owned.status).toBe(200);
      const detail = (await call("GET", "")).body as { repositories: object };
      expect(Object.keys(detail.repositories)).toEqual(["hub"]);
    }));

  test("A workspace can have neither a filesystem repository nor credentials in a URL or outside auth", () =>
    withShop(async ({ call }) => {
      const put = async (repository: string) =>
        (
          await call("PUT", "/sources/index.yml", {
            text: `name: S\nslug: shop\nrepositories: {hub: ${repository}}\n`,
          })
        ).status;
      expect(await put("{type: filesystem, config: {dirpath: /etc}}")).toBe(403);
      expect(await put("{config: {url: 'file:///srv/repo.git'}}")).toBe(403);
      expect(await put("{config: {url: 'https://me:pass@git.example/a.git'}}")).toBe(400);
      expect(await put("{config: {url: 'https://git.example/{{secret.a}}.git'}}")).toBe(403);
      expect(await put("{mode: sideways, config: {url: 'https://git.example/a.git'}}")).toBe(400);
    }));

  test("A branch that cannot be declared any more is shown, stands in no other edit's way and can be mended", () =>
    withShop(async ({ instance, id, call }) => {
      const index = (branch: string, name = "Shop") =>
        `name: ${name}\nslug: shop\nrepositories: {hub: {config: {url: 'https://git.example/a.git', branch: '${branch}'}}}\n`;
      const put = (text: string) => call("PUT", "/sources/index.yml", { text });
      for (const branch of ["HEAD", "refs/heads/main", "prismeai/shop/main", "-x", "a..b"]) {
        const { status, body } = await put(index(branch));
        expect([branch, status]).toEqual([branch, 400]);
        expect(body).toMatchObject({ message: expect.stringContaining("config.branch") as string });
      }
      await instance.engine.store.workspaces.write([
        {
          workspaceId: id,
          guard: {},
          userId: "ada",
          contents: contentsOf({ "index.yml": index("HEAD") }),
          events: [],
        },
      ]);
      const list = await call("GET", "/repositories");
      expect(JSON.stringify(list.body)).toContain('"branch":"HEAD"');
      expect((await put(index("HEAD", "Renamed"))).status).toBe(200);
      expect((await put(index("main", "Renamed"))).status).toBe(200);
    }));

  test("Two edits of different files at the same moment are both kept", () =>
    withShop(async ({ call }) => {
      const names = ["a", "b", "c", "d"];
      const answers = await Promise.all(
        names.map((name) => call("PUT", `/sources/pages/${name}.yml`, { text: `slug: ${name}\n` })),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      const pages = ((await call("GET", "")).body as { pages: object }).pages;
      expect(Object.keys(pages).sort()).toEqual(names);
    }));

  test("Secrets are read only with manage_security, and no event or listing shows a value", () =>
    withShop(async ({ instance, id, call }) => {
      const stored = await call("PATCH", "/security/secrets", {
        json: {
          gitPassword: { value: "s3cr3t-value-1", description: "for git" },
          other: { value: "second-value" },
        },
      });
      expect(stored.body).toMatchObject({ gitPassword: { value: "s3cr3t-value-1", description: "for git" } });
      const editor = await instance.user({ role: "editor", workspaceId: id });
      expect((await call("GET", "/security/secrets", { token: editor.token })).status).toBe(403);
      expect((await call("DELETE", "/security/secrets/other")).status).toBe(200);
      expect((await call("DELETE", "/security/secrets/other")).status).toBe(404);
      expect(Object.keys((await call("GET", "/security/secrets")).body as object)).toEqual(["gitPassword"]);
      const owner = await instance.user({ role: "owner", workspaceId: id });
      const platform = await call("PATCH", "/security/secrets", {
        token: owner.token,
        json: { prismeai_key: { value: "no" } },
      });
      expect(platform.status).toBe(403);
      const feed = await call("GET", "/events");
      expect(feed.text).toContain("workspaces.secrets.updated");
      expect(feed.text).not.toContain("s3cr3t-value-1");
    }));
});
