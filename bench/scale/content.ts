import type { NewEvent } from "@/lib/domain/event";
import { numbers } from "../content";

/** One workspace has a quarter of all events; the others share the rest, the first of them more than the last. */
export const BUSY = "w0";
/** A reader of the measurement may read every workspace whose number this divides. */
export const READABLE_EVERY = 50;
/** Words that stand in as many events as their names say. */
export const RARE = { word: "perihelion", every: 40_000 } as const;
export const SCARCE = { word: "almanac", every: 2000 } as const;

const STATUSES = ["placed", "paid", "packed", "sent", "returned"];
const CITIES = "Aldbrook Brindale Carrow Dunmere Elswick Farleigh Gorham Hexley Ilkeston Jarrow".split(" ");
const WORDS =
  "customer invoice answer summary message channel approve collect notify schedule review profile ticket report draft page automation".split(
    " ",
  );

type Next = (below: number) => number;

function hex(next: Next, length: number): string {
  return Array.from({ length }, () => next(16).toString(16)).join("");
}

function sentence(next: Next, words: number): string {
  return Array.from({ length: words }, () => WORDS[next(WORDS.length)]).join(" ");
}

function payloadOf(number: number, next: Next): [type: string, payload: Record<string, unknown>] {
  const rare = number % RARE.every === 17 ? RARE.word : number % SCARCE.every === 19 ? SCARCE.word : "plain";
  switch (number % 6) {
    case 0:
      return [
        "workspaces.versions.progress",
        {
          operation: "push",
          step: "push:merge",
          message: `Merged ${hex(next, 40)} into main. ${sentence(next, 5)}, ${rare}.`,
          startedAt: "2026-03-01T08:00:00.000Z",
          repositoryId: "production",
          branch: `prismeai/bench-${String(next(10_000))}/main`,
          stepDuration: next(3000),
        },
      ];
    case 1:
      return [
        "workspaces.imported",
        {
          files: Array.from({ length: 8 }, () => `automations/${sentence(next, 1)}-${String(next(90))}.yml`),
          deleted: [],
          version: {
            name: `2026-03-01.${String(100_000 + next(800_000))}`,
            repository: { id: "production" },
          },
          errors: [],
          note: rare,
        },
      ];
    case 2:
      return [
        "workspaces.automations.updated",
        { slug: `${sentence(next, 1)}-${String(next(90))}`, revision: next(400), note: rare },
      ];
    default:
      return [
        `order.${STATUSES[next(STATUSES.length)] ?? "placed"}`,
        {
          number,
          customer: {
            id: hex(next, 24),
            city: CITIES[next(CITIES.length)],
            district: `D${String(next(5000))}`,
          },
          items: Array.from({ length: 1 + next(3) }, () => ({
            sku: `S-${String(next(20_000))}`,
            count: next(9),
          })),
          total: next(100_000) / 100,
          express: next(2) === 0,
          tags: [sentence(next, 1), rare],
          text: sentence(next, 12),
        },
      ];
  }
}

/** The events of the measurement, the same in every run. */
export function anEvent(number: number, workspaces: number): NewEvent {
  const next = numbers(number * 2654435761 + 1);
  const share = next(1_000_000) / 1_000_000;
  const [type, payload] = payloadOf(number, next);
  return {
    type,
    workspaceId: next(4) === 0 ? BUSY : `w${String(Math.floor(share * share * workspaces))}`,
    payload,
    source: {
      userId: `user${String(next(500))}`,
      sessionId: hex(next, 20),
      correlationId: `c${String(Math.floor(number / 10))}`,
    },
  };
}
