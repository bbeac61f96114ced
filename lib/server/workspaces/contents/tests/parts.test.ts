import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { error, withWorkspace } from "@/lib/testing/workspace";

await describeOnDatabases("Automations and pages", (database) => {
  test("are created, listed, read, changed and deleted by slug; each change tells its event and makes the workspace dirty", () =>
    withWorkspace(database, async ({ call, types, detail }) => {
      const created = await call("POST", "/automations", {
        json: { name: "Say hello", do: [{ emit: { event: "hi" } }] },
      });
      expect([created.status, created.body]).toEqual([
        200,
        { slug: "say-hello", name: "Say hello", do: [{ emit: { event: "hi" } }] },
      ]);
      const { revision } = await detail();
      const changed = await call("PATCH", "/automations/say-hello", {
        json: { description: "Greets", name: "Hello" },
      });
      expect(changed.body).toMatchObject({ slug: "say-hello", name: "Hello", description: "Greets" });
      expect((await call("PATCH", "/automations/say-hello", { json: { description: null } })).body).toEqual({
        slug: "say-hello",
        name: "Hello",
        do: [{ emit: { event: "hi" } }],
      });
      expect(await detail()).toMatchObject({ dirty: true, revision: revision + 2 });
      expect((await call("PUT", "/automations/say-hello", { json: { name: "New" } })).body).toEqual({
        slug: "say-hello",
        name: "New",
      });
      expect((await call("GET", "/automations")).body).toEqual([{ slug: "say-hello", name: "New" }]);
      expect((await call("GET", "/automations/say-hello")).body).toEqual({ slug: "say-hello", name: "New" });
      expect((await call("DELETE", "/automations/say-hello")).body).toEqual({
        id: "say-hello",
        slug: "say-hello",
      });
      expect((await call("DELETE", "/automations/say-hello")).body).toEqual(error("NotFound"));
      expect((await call("GET", "/automations")).body).toEqual([]);
      const page = await call("POST", "/pages", { json: { slug: "help/contact", name: { en: "Contact" } } });
      expect(page.status).toBe(200);
      for (const path of ["/pages/help/contact", "/pages/help%2Fcontact"])
        expect((await call("GET", path)).body).toEqual({ slug: "help/contact", name: { en: "Contact" } });
      expect((await detail()).pages).toEqual({
        "help/contact": { slug: "help/contact", name: { en: "Contact" } },
      });
      expect(await types()).toEqual([
        "workspaces.created",
        "workspaces.automations.created",
        "workspaces.automations.updated",
        "workspaces.automations.updated",
        "workspaces.automations.updated",
        "workspaces.automations.deleted",
        "workspaces.pages.created",
      ]);
    }));

  test("A change keeps the rest of the file as its author wrote it", () =>
    withWorkspace(database, async ({ call, put, source }) => {
      const text =
        "# greets people\nslug:   'greet'\nname: \"Greet\"  # short\ndo:\n    # loudly\n    - emit: {event: hi}\n";
      await put("automations/greet.yml", text);
      await call("PATCH", "/automations/greet", { json: { name: "Welcome" } });
      expect(await source("automations/greet.yml")).toBe(text.replace('Greet"', 'Welcome"'));
      await call("PATCH", "/automations/greet", { json: { do: [{ emit: { event: "bye" } }] } });
      expect(await source("automations/greet.yml")).toBe(
        text.replace('Greet"', 'Welcome"').replace("event: hi", "event: bye"),
      );
    }));

  test("A new slug renames the file and says so in one event; a slug in use is 409", () =>
    withWorkspace(database, async ({ call, put, paths, events }) => {
      await put("automations/a.yaml", "# one\nslug: a\ndo: []\n");
      await put("automations/b.yml", "do: []\n");
      const taken = await call("PATCH", "/automations/a", { json: { slug: "b" } });
      expect([taken.status, taken.body]).toEqual([409, error("SlugAlreadyInUse")]);
      expect((await call("POST", "/automations", { json: { slug: "b" } })).status).toBe(409);
      expect((await call("PATCH", "/automations/a", { json: { slug: "two words" } })).body).toEqual({
        slug: "two words",
        do: [],
      });
      expect(await paths()).toEqual(["automations/b.yml", "automations/two words.yaml"]);
      expect((await call("GET", "/automations/a")).status).toBe(404);
      expect((await call("GET", "/automations/two%20words")).status).toBe(200);
      expect((await events()).at(-1)).toMatchObject({
        type: "workspaces.automations.updated",
        payload: { automation: { slug: "two words" }, oldSlug: "a", path: "automations/two words.yaml" },
      });
    }));

  test("A slug inside the file counts before the file's name", () =>
    withWorkspace(database, async ({ call, put, source, detail }) => {
      await put("pages/file-name.yml", "slug: inner/name\nname: A\n");
      expect((await call("GET", "/pages/inner/name")).body).toEqual({ slug: "inner/name", name: "A" });
      expect((await call("GET", "/pages/file-name")).status).toBe(404);
      await call("PATCH", "/pages/inner/name", { json: { name: "B" } });
      expect(await source("pages/file-name.yml")).toBe("slug: inner/name\nname: B\n");
      expect(Object.keys((await detail()).pages)).toEqual(["inner/name"]);
    }));

  test("If-Match guards a change, and two changes at once are both kept", () =>
    withWorkspace(database, async ({ call }) => {
      const made = await call("POST", "/automations", { json: { slug: "a" } });
      const etag = made.headers.get("etag") ?? "";
      const patch = (json: unknown, headers: Record<string, string> = {}) =>
        call("PATCH", "/automations/a", { json, headers });
      expect((await patch({ name: "A" }, { "if-match": etag })).status).toBe(200);
      const late = await patch({ name: "B" }, { "if-match": etag });
      expect([late.status, late.body]).toEqual([412, error("PreconditionFailed")]);
      expect((await call("DELETE", "/automations/a", { headers: { "if-match": etag } })).status).toBe(412);
      const both = await Promise.all([patch({ one: 1 }), patch({ two: 2 }), patch({ three: 3 })]);
      expect(both.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect((await call("GET", "/automations/a")).body).toEqual({
        slug: "a",
        name: "A",
        one: 1,
        two: 2,
        three: 3,
      });
    }));

  test("What cannot be written is refused and changes nothing", () =>
    withWorkspace(database, async ({ call, put, paths, instance, id }) => {
      for (const json of [
        {},
        { slug: "" },
        { slug: " a" },
        { slug: "../x" },
        { slug: "a:b" },
        { slug: "a", do: "x" },
      ])
        expect((await call("POST", "/automations", { json })).status, JSON.stringify(json)).toBe(400);
      const deep = JSON.parse(`${'{"a":'.repeat(80)}1${"}".repeat(80)}`) as unknown;
      expect((await call("POST", "/automations", { json: { slug: "a", deep } })).status).toBe(422);
      expect(await paths()).toEqual([]);
      await put("pages/a.yml", "slug: a\n");
      const viewer = await instance.user({ role: "viewer", workspaceId: id });
      const refused = await call("PATCH", "/pages/a", { json: { name: "x" }, token: viewer.token });
      expect([refused.status, refused.body]).toEqual([403, error("PermissionDenied")]);
      expect((await call("GET", "/pages", { token: viewer.token })).status).toBe(200);
      const lock = await call("POST", "/writeLock", { json: {} });
      expect(lock.status).toBe(200);
      for (const [method, path] of [
        ["POST", "/automations"],
        ["PATCH", "/pages/a"],
        ["PUT", "/pages/a"],
        ["DELETE", "/pages/a"],
      ] as const) {
        const locked = await call(
          method,
          path,
          method === "DELETE" ? {} : { json: { slug: "a", name: "x" } },
        );
        expect([locked.status, locked.body]).toEqual([423, error("WorkspaceLocked")]);
      }
    }));

  test("slug: addresses the workspace here as everywhere", () =>
    withWorkspace(database, async ({ instance, call }) => {
      await call("POST", "/automations", { json: { slug: "a" } });
      const read = await instance.call("GET", "/v2/workspaces/slug:shop/automations/a");
      expect(read.body).toEqual({ slug: "a" });
    }));
});
