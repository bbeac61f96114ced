import { expect, test } from "vitest";
import type { EventCondition } from "@/lib/domain/event-condition";
import { describeOnDatabases } from "@/lib/testing/database";
import { anEvent } from "@/lib/testing/store-builders";

await describeOnDatabases("Conditions on events", (database) => {
  const say = (type: string, payload: Record<string, unknown>, source: Record<string, string> = {}) =>
    anEvent(type, { payload, source: { userId: "ada", ...source } });

  test("hold for the same events on both databases, whatever stands at their field", async () => {
    let now = new Date("2026-01-01T00:00:00.000Z");
    const store = await database.open({ clock: () => now });
    await store.events.append([
      say("order.placed", { number: 7, paid: true, city: "Lark Field", tags: ["a", "b"], at: "2026-01-05" }),
      say("order.paid", { number: 7.5, paid: false, city: "100%_[x]", nested: { deep: { n: "7" } } }),
    ]);
    now = new Date("2026-02-01T00:00:00.000Z");
    await store.events.append([
      say("visit", { number: "7", city: null, tags: [], "odd key'": 1 }, { automationSlug: "Über" }),
      say("Order.Placed", { number: 70, tags: [{ a: 1 }] }, { userId: "bob", correlationId: "c1" }),
    ]);
    const ids = async (condition: EventCondition) =>
      (await store.events.list({ where: [condition], page: 0, limit: 10, sort: "asc" }))
        .map(({ id }) => id)
        .join("");

    const cases: [EventCondition, string][] = [
      [{ field: "payload.number", is: [7] }, "1"],
      [{ field: "payload.number", is: ["7"] }, "3"],
      [{ field: "payload.number", is: [7, 7.5, true] }, "12"],
      [{ field: "payload.number", text: "7" }, "13"],
      [{ field: "payload.paid", is: [true] }, "1"],
      [{ field: "payload.paid", text: "false" }, "2"],
      [{ field: "payload.tags", is: ["b"] }, "1"],
      [{ field: "payload.nested.deep.n", text: "7" }, "2"],
      [{ field: "payload.odd key'", is: [1] }, "3"],
      [{ field: "payload.none", is: ["x"] }, ""],
      [{ field: "payload.number", is: [] }, ""],
      [{ field: "payload.city", exists: true }, "12"],
      [{ field: "payload.tags", exists: true }, "134"],
      [{ not: { field: "payload.city", exists: true } }, "34"],
      [{ not: { field: "payload.number", is: [7] } }, "234"],
      [{ field: "payload.number", bounds: { gte: 7, lt: 70 } }, "12"],
      [{ field: "payload.number", bounds: {} }, "1234"],
      [{ field: "payload.at", bounds: {} }, "1"],
      [{ field: "payload.at", bounds: { gt: "2026-01-01", lte: "2026-01-05" } }, "1"],
      [{ field: "payload.city", words: ["lark", "100%"], every: false }, "12"],
      [{ field: "payload.city", words: ["LARK", "field"], every: true }, "1"],
      [{ field: "payload.city", words: ["_["], every: true }, "2"],
      [{ field: "payload.city", pattern: "100%?[*" }, "2"],
      [{ field: "payload.city", pattern: "lark*" }, ""],
      [{ field: "type", pattern: "order.p?a*" }, "1"],
      [{ field: "type", is: ["visit", "order.paid"] }, "23"],
      [{ field: "type", words: ["PLACED"], every: true }, "14"],
      [{ field: "source.userId", text: "bob" }, "4"],
      [{ field: "source.correlationId", exists: true }, "4"],
      [{ field: "source.automationSlug", is: ["Über"] }, "3"],
      [{ field: "createdAt", bounds: { gte: "2026-01-15T00:00:00Z" } }, "34"],
      [{ field: "createdAt", bounds: { lt: "2026-01-15T00:00:00Z" } }, "12"],
      [{ field: "createdAt", bounds: { gt: "2027-01-15T00:00:00Z" } }, ""],
      [{ field: "createdAt", bounds: { gt: "nonsense" } }, ""],
      [{ field: "id", bounds: { gt: "2" } }, "34"],
      [{ field: "id", is: ["1", "x", 3] }, "13"],
      [{ field: "error.message", exists: true }, ""],
      [{ all: [] }, "1234"],
      [{ any: [] }, ""],
      [
        {
          all: [
            {
              any: [
                { field: "payload.number", is: [7] },
                { field: "type", is: ["visit"] },
              ],
            },
            { not: { field: "payload.tags", is: ["a"] } },
          ],
        },
        "3",
      ],
    ];
    const found = [];
    for (const [condition] of cases) found.push([condition, await ids(condition)]);
    expect(found).toEqual(cases);
  });

  test("are counted no further than asked, and hold within the workspaces given", async () => {
    const store = await database.open();
    await store.events.append([
      anEvent("a", { workspaceId: "one" }),
      anEvent("a", { workspaceId: "two" }),
      anEvent("b", { workspaceId: "three" }),
    ]);
    const where: EventCondition[] = [{ field: "type", is: ["a"] }];
    expect(await store.events.count({ where }, 10)).toBe(2);
    expect(await store.events.count({ where }, 1)).toBe(1);
    expect(await store.events.count({ where, workspaceIds: ["two", "three"] }, 10)).toBe(1);
    expect(await store.events.count({ workspaceIds: [] }, 10)).toBe(0);
  });

  test("take whatever a client writes for a value or a key, never for SQL", async () => {
    const store = await database.open();
    const hostile = `'"; DROP TABLE "Event"; --`;
    await store.events.append([say("x", { text: hostile, list: [hostile] })]);
    const where = (condition: EventCondition) => store.events.count({ where: [condition] }, 10);
    expect(await where({ field: "payload.text", is: [hostile] })).toBe(1);
    expect(await where({ field: "payload.list", text: hostile })).toBe(1);
    expect(await where({ field: "payload.text", words: [hostile], every: true })).toBe(1);
    expect(await where({ field: "payload.text", pattern: `*${hostile}*` })).toBe(1);
    expect(await where({ field: `payload.'; DROP TABLE Event; --`, exists: true })).toBe(0);
    expect(await where({ field: "type", bounds: { gt: hostile } })).toBe(1);
  });
});
