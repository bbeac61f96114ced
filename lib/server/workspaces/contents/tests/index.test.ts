import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { error, withWorkspace } from "@/lib/testing/workspace";
import { aForm, aZip } from "@/lib/testing/zip/zip";

const INDEX = `# The shop
name: Shop
slug: shop
config:
  # what it asks for
  schema:
    url: {type: string, required: true, pattern: '^https://'}
    retries: {type: number, validators: {min: {value: 0, message: Not below zero.}}}
  value:
    url: 'https://{{config.host}}/api'   # the service
    host: shop.example
    again: "{{config.url}}?key={{secret.apiKey}}"
    loop: "{{config.loop}}"
    nothing: "{{secret.unknown}}"
    copy: "{{config.limits}}"
    limits: {day: 5}
`;

await describeOnDatabases("index.yml and security.yml", (database) => {
  test("The configuration is read as written and as it counts, with references filled in and secrets redacted", () =>
    withWorkspace(
      database,
      async ({ call, put }) => {
        await put("index.yml", INDEX);
        await call("PATCH", "/security/secrets", { json: { apiKey: { value: "s3cr3t-value-77" } } });
        const written = (await call("GET", "/config")).body;
        expect(written).toMatchObject({
          schema: { url: { type: "string" } },
          value: { again: "{{config.url}}?key={{secret.apiKey}}" },
          environment: ["region"],
        });
        const effective = await call("GET", "/config?effective=true");
        expect((effective.body as { value: unknown }).value).toEqual({
          region: "north",
          url: "https://shop.example/api",
          host: "shop.example",
          again: "https://shop.example/api?key=[redacted]",
          loop: "{{config.loop}}",
          nothing: "{{secret.unknown}}",
          copy: { day: 5 },
          limits: { day: 5 },
        });
        expect((effective.body as { problems: unknown }).problems).toEqual([
          { path: "loop", message: "config.loop refers to itself through loop, loop." },
          { path: "nothing", message: "There is no secret unknown." },
        ]);
        expect(effective.text).not.toContain("s3cr3t-value-77");
        // A value written out by hand is hidden as well.
        await call("PATCH", "/config", { json: { value: { direct: "s3cr3t-value-77", region: "south" } } });
        const again = await call("GET", "/config?effective=true");
        expect(again.body).toMatchObject({
          value: { direct: "[redacted]", region: "south" },
          environment: [],
        });
      },
      {
        env: {
          WORKSPACE_CONFIG_shop_region: "north",
          WORKSPACE_CONFIG_shop_host: "from the environment",
          WORKSPACE_CONFIG_other_region: "west",
        },
      },
    ));

  test("Changing the configuration keeps the file, validates by its schema and tells workspaces.configured", () =>
    withWorkspace(database, async ({ call, put, source, types }) => {
      await put("index.yml", INDEX);
      const changed = await call("PATCH", "/config", {
        json: { value: { retries: 3, loop: null, limits: { day: 6 } } },
      });
      expect([changed.status, changed.body]).toMatchObject([200, { value: { retries: 3 } }]);
      expect(await source("index.yml")).toBe(
        INDEX.replace('    loop: "{{config.loop}}"\n', "").replace(
          "{day: 5}\n",
          "{day: 6}\n    retries: 3\n",
        ),
      );
      const refused = await call("PATCH", "/config", { json: { value: { retries: -1, url: "ftp://x" } } });
      expect([refused.status, refused.body]).toMatchObject([
        400,
        {
          error: "InvalidRequest",
          details: {
            issues: [
              { path: "value.url", message: "Must match the pattern ^https://." },
              { path: "value.retries", message: "Not below zero." },
            ],
          },
        },
      ]);
      expect((await call("PUT", "/config", { json: { value: { retries: 1 } } })).status).toBe(400);
      expect((await call("PUT", "/config", { json: { value: { url: "https://a" } } })).body).toMatchObject({
        value: { url: "https://a" },
      });
      expect((await call("PATCH", "/config", { json: { url: "https://b" } })).status).toBe(400);
      expect((await call("PATCH", "/config", { json: { schema: null } })).body).toEqual({
        value: { url: "https://a" },
        environment: [],
        problems: [],
      });
      expect((await types()).slice(-3)).toEqual(Array.from({ length: 3 }, () => "workspaces.configured"));
    }));

  test("A configuration that comes with its schema in the settings is validated as well", () =>
    withWorkspace(database, async ({ call, source }) => {
      const before = await source("index.yml");
      const schema = { limit: { type: "number", required: true } };
      const refused = await call("PATCH", "", { json: { config: { schema, value: { limit: "many" } } } });
      expect([refused.status, refused.body]).toMatchObject([
        400,
        { details: { issues: [{ path: "config.value.limit", message: "Must be a number." }] } },
      ]);
      expect(await source("index.yml")).toBe(before);
      expect((await call("PATCH", "", { json: { config: { schema, value: { limit: 3 } } } })).status).toBe(
        200,
      );
      expect((await call("GET", "/config")).body).toMatchObject({
        schema,
        value: { limit: 3 },
        problems: [],
      });
    }));

  test("A pattern without end in a schema is refused, not waited for", () =>
    withWorkspace(database, async ({ call }) => {
      const schema = { field: { type: "string", pattern: "^(a+)+$" } };
      const value = { field: `${"a".repeat(10_000)}!` };
      const answer = await call("PATCH", "/config", { json: { schema, value } });
      expect([answer.status, answer.body]).toEqual([400, error("InvalidRequest")]);
    }));

  test("Security is read by everyone here and changed by holders of manage_security, in place", () =>
    withWorkspace(database, async ({ instance, id, call, put, source, types }) => {
      const text =
        "# who may what\nauthorizations:\n  roles:\n    editor: {}\n  rules:\n    # first\n    - {role: editor, action: read, subject: pages}\n";
      await put("security.yml", text);
      const rules = [{ role: "editor", action: "read", subject: "pages" }];
      const editor = await instance.user({ role: "editor", workspaceId: id });
      expect((await call("GET", "/security", { token: editor.token })).body).toEqual({
        authorizations: { roles: { editor: {} }, rules },
      });
      const added = { role: "guest", action: ["read"], subject: "pages" };
      const patch = { authorizations: { rules: [...rules, added] } };
      expect((await call("PATCH", "/security", { json: patch, token: editor.token })).status).toBe(403);
      const changed = await call("PATCH", "/security", { json: patch });
      expect(changed.body).toEqual({ authorizations: { roles: { editor: {} }, rules: [...rules, added] } });
      expect(await source("security.yml")).toBe(
        `${text}    - role: guest\n      action:\n        - read\n      subject: pages\n`,
      );
      expect((await call("PUT", "/security", { json: { authorizations: { rules: [] } } })).body).toEqual({
        authorizations: { rules: [] },
      });
      expect((await call("PUT", "/security", { json: { roles: {} } })).status).toBe(400);
      expect((await types()).slice(-2)).toEqual([
        "workspaces.security.updated",
        "workspaces.security.updated",
      ]);
    }));

  test("Blocks and settings change in index.yml, and a redacted credential sent back stays what it was", () =>
    withWorkspace(database, async ({ call, source, detail }) => {
      const text = `# The shop
name: Shop
slug: shop
repositories:
  hub:
    config:
      url: https://git.example/a.git
      auth: {user: me, password: hunter22222}
`;
      // Written by hand it is refused; what comes from elsewhere may have it.
      await call("POST", "/import?timeout=60", { form: aForm(await aZip({ "a/index.yml": text })) });
      expect(
        (await call("PATCH", "/blocks", { json: { Chart: { url: "https://cdn.example/c.js" } } })).body,
      ).toEqual({
        Chart: { url: "https://cdn.example/c.js" },
      });
      expect((await call("GET", "/blocks")).body).toEqual((await detail()).blocks);
      expect((await call("PATCH", "/blocks", { json: { Chart: null, Map: {} } })).body).toEqual({ Map: {} });
      const { repositories } = await detail();
      const sent = { hub: { ...repositories.hub, mode: "read-only" } };
      const patched = await call("PATCH", "", {
        json: { repositories: sent, name: "Store", secrets: { schema: { a: {} } } },
      });
      expect(patched.status, patched.text).toBe(200);
      expect(await source("index.yml")).toBe(
        `${text.replace("Shop\n", "Store\n").replace("# The shop", "# The shop")}    mode: read-only\nblocks:\n  Map: {}\nsecrets:\n  schema:\n    a: {}\n`.replace(
          "name: Shop",
          "name: Store",
        ),
      );
      expect(await detail()).toMatchObject({ name: "Store", secrets: { schema: { a: {} } } });
    }));

  test("A field of index.yml that git brought wrong or that is taken hinders no edit of another", () =>
    withWorkspace(database, async ({ instance, call, id, source, detail }) => {
      const other = await instance.call("POST", "/v2/workspaces", { json: { name: "Other", slug: "taken" } });
      const bring = async (text: string) =>
        instance.call("POST", `/v2/workspaces/${id}/import?timeout=60`, {
          form: aForm(await aZip({ "current/index.yml": text })),
        });
      const template = "name: Shop\nslug: <<SLUG>>\nlabels: [x, team:a]\ndescription: before\n";
      const message = "slug is ignored: A slug can contain only lower-case letters, digits and hyphens.";
      expect((await bring(template)).body).toMatchObject({
        errors: [],
        warnings: [{ path: "index.yml", message }, { path: "index.yml" }],
      });
      const described = await call("PATCH", "", { json: { description: "after" } });
      expect(described.body).toMatchObject({ slug: "shop", labels: ["team:a"], description: "after" });
      expect(await source("index.yml")).toBe(template.replace("before", "after"));
      expect((await call("PATCH", "/config", { json: { value: { a: 1 } } })).status).toBe(200);
      expect((await call("PATCH", "", { json: { slug: "No slug" } })).status).toBe(400);

      expect((await bring("name: Shop\nslug: taken\n")).body).toMatchObject({
        errors: [{ err: "SlugAlreadyInUse" }],
      });
      const again = await call("PATCH", "", { json: { description: "still here" } });
      expect(again.body).toMatchObject({ slug: "shop", description: "still here" });
      expect((await call("PATCH", "", { json: { slug: "taken" } })).body).toEqual(error("SlugAlreadyInUse"));
      // Once it is free it can be had, although the text does not change by that.
      await instance.call("DELETE", `/v2/workspaces/${(other.body as { id: string }).id}`);
      await call("PATCH", "", { json: { labels: ["team:b"] } });
      expect(await detail()).toMatchObject({ slug: "shop" });
      expect((await call("PATCH", "", { json: { slug: "taken" } })).body).toMatchObject({ slug: "taken" });
    }));
});
