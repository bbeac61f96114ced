import { expect, test } from "vitest";
import type { EventQuery } from "@/lib/store";
import { describeOnDatabases } from "@/lib/testing/database";
import { anEvent } from "@/lib/testing/store-builders";

const EVENTS = 3000;
const WORKSPACES = 1500;

/** Where event `number` belongs: the first thousand to the first workspaces, the others to all of them in turn. */
const homeOf = (number: number) => `w${String(number < 1000 ? number % 700 : number % WORKSPACES)}`;
const typeOf = (number: number) => (number % 7 === 0 ? "order.paid" : "order.placed");

await describeOnDatabases("The events of many workspaces", (database) => {
  test("come page by page in order, and none of any other workspace, whichever way they are filtered", async () => {
    const store = await database.open();
    const all = Array.from({ length: EVENTS }, (_, number) => number);
    const events = all.map((number) =>
      anEvent(typeOf(number), { workspaceId: homeOf(number), payload: { number } }),
    );
    for (let done = 0; done < EVENTS; done += 1000)
      await store.events.append(events.slice(done, done + 1000));
    const readers = {
      half: new Set(all.filter((n) => n % 2 === 0).map((n) => `w${String(n)}`)),
      ofOldEvents: new Set(Array.from({ length: 600 }, (_, n) => `w${String(n + 100)}`)),
      ofNothing: new Set(Array.from({ length: 600 }, (_, n) => `none${String(n)}`)),
    };
    const filters: [Partial<EventQuery>, (number: number) => boolean][] = [
      [{}, () => true],
      [{ types: ["order.paid"], beforeId: "2501" }, (n) => typeOf(n) === "order.paid" && n < 2500],
      [{ text: "ORDER.PAID" }, (n) => typeOf(n) === "order.paid"],
      [{ where: [{ field: "payload.number", bounds: { gte: 2000 } }], afterId: "1500" }, (n) => n >= 2000],
    ];
    for (const readable of Object.values(readers))
      for (const [filter, isWanted] of filters)
        for (const sort of ["asc", "desc"] as const)
          for (const page of [0, 3]) {
            const expected = all.filter((n) => readable.has(homeOf(n)) && isWanted(n));
            if (sort === "desc") expected.reverse();
            const found = await store.events.list({
              ...filter,
              workspaceIds: [...readable],
              sort,
              page,
              limit: 100,
            });
            expect(found.map(({ payload }) => payload.number)).toEqual(
              expected.slice(page * 100, page * 100 + 100),
            );
          }
  });
});
