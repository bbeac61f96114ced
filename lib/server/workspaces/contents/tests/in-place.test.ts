import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { error, withWorkspace } from "@/lib/testing/workspace";

const ODD = `--- # greets
base: &b {x: 1, y: 2}
more:
  <<: *b
  y: 3
list: [*b, *b]   # twice
bin: !!binary aGVsbG8=
set: !!set {a, b}
own: !mytag {a: 1}
odd: [.inf, .nan, 1e400, -0, 0o17, 2024-01-02]
labels:
- x
# - y, not yet
do:
  # first
  - set:
      name: account
      value: 12345678901234567890
  - emit: {event: "done"}
`;

await describeOnDatabases("An edit in place", (database) => {
  test("changes the lines of its value only, whatever else the file holds, and taken back leaves no trace", () =>
    withWorkspace(database, async ({ call, put, source }) => {
      await put("automations/odd.yml", ODD);
      const patch = async (json: unknown) => {
        expect((await call("PATCH", "/automations/odd", { json })).status).toBe(200);
        return source("automations/odd.yml");
      };
      expect(await patch({ description: "D" })).toBe(`${ODD}description: D\n`);
      expect(await patch({ description: null })).toBe(ODD);
      expect(await patch({ labels: ["x", "z"] })).toBe(ODD.replace("- x\n", "- x\n- z\n"));
      expect(await patch({ labels: ["x"] })).toBe(ODD);
    }));

  test("touches nothing when a client sends back what it was given", () =>
    withWorkspace(database, async ({ call, put, source }) => {
      await put("automations/odd.yml", ODD);
      const { body } = await call("GET", "/automations/odd");
      const whole = body as Record<string, unknown>;
      expect((await call("PUT", "/automations/odd", { json: whole })).status).toBe(200);
      expect(await source("automations/odd.yml")).toBe(ODD);
      const [first, last] = whole.do as unknown[];
      await call("PUT", "/automations/odd", { json: { ...whole, do: [last, first] } });
      expect(await source("automations/odd.yml")).toContain("value: 12345678901234567890\n");
      const index = await source("index.yml");
      const blocks = "blocks:\n  map: {url: x} # c\n  word: text\nconfig:\n  value:\n";
      await put("index.yml", index + blocks);
      await call("PUT", "/blocks", { json: (await call("GET", "/blocks")).body });
      await call("PATCH", "/config", { json: { value: {} } });
      expect(await source("index.yml")).toBe(index + blocks);
    }));

  test("is refused with its place and reason where other text would change, and nothing is written", () =>
    withWorkspace(database, async ({ call, put, source }) => {
      await put("automations/odd.yml", ODD);
      const list = [
        { x: 1, y: 2 },
        { x: 1, y: 5 },
      ];
      const refused = await call("PATCH", "/automations/odd", { json: { list } });
      expect([refused.status, refused.body]).toEqual([422, error("UnreadableContent")]);
      expect(refused.body).toMatchObject({ details: { path: "automations/odd.yml", field: "list[1].y" } });
      expect(await source("automations/odd.yml")).toBe(ODD);
    }));
});
