import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine } from "@/lib/testing/engine";

// An id of ours, or a time as machines write it.
const RAW = /[A-Za-z0-9_-]{21}|\d{4}-\d\d-\d\dT/;

await describeOnDatabases("What is said of a lock", (database) => {
  test("has the holder's name and a relative time; ids and times stand in details, and a reader sees the same name", async () => {
    const instance = await startEngine({
      database,
      env: {
        WORKSPACES_GROUP_base_LABELS: "base",
        WORKSPACES_STORAGE_GIT_PLATFORM_fleet_URL: "file:///none",
      },
    });
    try {
      const { body: created } = await instance.call("POST", "/v2/workspaces", {
        json: { name: "Shop", labels: ["base"] },
      });
      const path = `/v2/workspaces/${(created as { id: string }).id}`;
      const workspaceId = (created as { id: string }).id;
      const editor = await instance.user({ role: "editor", workspaceId });
      const me = (await instance.call("GET", "/v2/me")).body as Record<
        "id" | "firstName" | "lastName" | "email",
        string
      >;
      const name = `${me.firstName} ${me.lastName}`.trim() || me.email.split("@")[0];
      expect((await instance.call("POST", `${path}/writeLock`, { json: { reason: "audit" } })).status).toBe(
        200,
      );

      const edit = (token?: string) =>
        instance.call("PUT", `${path}/sources/a.yml`, { text: "a: 1\n", ...(token ? { token } : {}) });
      type Refusal = { message: string; details: { writeLock: Record<string, string> } };
      const [own, other] = [(await edit()).body as Refusal, (await edit(editor.token)).body as Refusal];
      expect(own.message).toMatch(/^Locked just now by you: “audit”\. /);
      expect(other.message).toBe(
        `Locked just now by ${name ?? ""}: “audit”. Wait for it to end, or clear the lock.`,
      );
      expect(other.details.writeLock).toMatchObject({ lockedBy: me.id, lockedByName: name, reason: "audit" });
      const push = (await instance.call("POST", `${path}/push`, { json: {}, token: editor.token }))
        .body as Refusal;
      expect(push.message).toContain(`by ${name ?? ""}`);
      const again = (await instance.call("POST", `${path}/writeLock`, { json: {} })).body as Refusal;
      for (const { message } of [own, other, push, again]) expect(message).not.toMatch(RAW);
      const shown = (await instance.call("GET", path, { token: editor.token })).body as {
        writeLock: object;
      };
      expect(shown.writeLock).toMatchObject({ lockedBy: me.id, lockedByName: name });

      const people = (await instance.call("GET", "/v2/users", { token: editor.token })).body as {
        id: string;
        email?: string;
        firstName: string;
      }[];
      expect(people.map(({ id }) => id)).toContain(me.id);
      const bulk = await instance.call("POST", "/v2/workspaces/platform/versions?timeout=60", {
        json: { groups: ["base"], dryRun: true },
      });
      const { workspaces = [] } = bulk.body as { workspaces?: { reason?: string }[] };
      for (const { reason = "" } of workspaces) expect(reason).not.toMatch(RAW);
    } finally {
      await instance.close();
    }
  });

  test("and people who are named without a share in a workspace are named without their address", async () => {
    const instance = await startEngine({ database });
    try {
      const { body } = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop" } });
      const workspaceId = (body as { id: string }).id;
      const viewer = await instance.user({ role: "viewer", workspaceId });
      await instance.call("POST", `/v2/workspaces/${workspaceId}/versions?timeout=60`, {
        json: { name: "v1" },
      });
      const me = (await instance.call("GET", "/v2/me")).body as { id: string; email: string };
      const { accounts } = instance.engine.store;
      const bindings = await accounts.bindingsOf("workspace", workspaceId);
      for (const { id, subject } of bindings) if (subject === me.id) await accounts.unbind(id);
      const people = await instance.call("GET", "/v2/users", { token: viewer.token });
      const author = (people.body as { id: string; firstName: string }[]).find(({ id }) => id === me.id);
      expect(author?.firstName).toBeTruthy();
      expect(people.text).not.toContain(me.email);
    } finally {
      await instance.close();
    }
  });
});
