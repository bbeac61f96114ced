import { BUSY, RARE, SCARCE } from "./content";

/** One request to measure; `path` and `json` may differ from round to round. */
export interface Case {
  name: string;
  path: (round: number) => string;
  json?: (round: number) => unknown;
  /** Readers with limited access ask it as well. */
  shared: boolean;
}

const DAY_MS = 86_400_000;

function get(name: string, path: string | ((round: number) => string), shared = false): Case {
  return { name, path: typeof path === "string" ? () => path : path, shared };
}

function workspaceCases(workspaces: number): Case[] {
  const list = (name: string, query: string | ((round: number) => string), shared = false) =>
    get(
      `workspaces, ${name}`,
      (round) => `/v2/workspaces?${typeof query === "string" ? query : query(round)}`,
      shared,
    );
  const last = Math.floor(workspaces / 100) - 1;
  return [
    list("by name", "limit=100", true),
    list("by name, descending", "limit=100&sort=-name"),
    list("by slug", "limit=100&sort=slug"),
    list("by creation", "limit=100&sort=-createdAt"),
    list("by change", "limit=100&sort=-updatedAt", true),
    list("a page in the middle", `limit=100&page=${String(Math.floor(last / 2))}`),
    list("the last page", `limit=100&page=${String(last)}`),
    list("the last page by change", `limit=100&sort=-updatedAt&page=${String(last)}`),
    list("part of a name", (round) => `limit=100&search=ling ${String(round)}`, true),
    list("part of a name that is nowhere", "limit=100&search=nowhere", true),
    list("one label", (round) => `limit=100&labels=team:${String(round % 40)}`, true),
    list("three labels", "limit=100&labels=team:1,team:2,none"),
    list("a group", "limit=100&group=even"),
    ...["synced", "dirty", "behind", "conflict", "locked"].map((status) =>
      list(`status ${status}`, `limit=100&status=${status}`, status === "dirty"),
    ),
    list("one's own", "limit=100&owned=true"),
    list("one slug", (round) => `slug=bench-${String(round).padStart(5, "0")}`),
    list("one name", (round) => `name=Orders ${String(round * 10)}`),
    list(
      "twenty ids",
      (round) => `ids=${Array.from({ length: 20 }, (_, n) => `w${String(n * round)}`).join(",")}`,
    ),
    get("workspaces, counts", "/v2/workspaces/counts", true),
    get("workspaces, labels", "/v2/workspaces/labels", true),
  ];
}

function feedCases(scope: string, feed: string, events: number, shared: boolean): Case[] {
  const middle = (round: number) => String(Math.floor(events / 2) - round * 100);
  const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
  const list = (name: string, query: string | ((round: number) => string)) =>
    get(
      `${scope}, ${name}`,
      (round) => `${feed}?${typeof query === "string" ? query : query(round)}`,
      shared,
    );
  return [
    list("newest", ""),
    list("oldest first", "sort=asc"),
    list("before an event", (round) => `beforeId=${middle(round)}`),
    list("page 100", "page=100"),
    list("one type", "types=order.paid"),
    list("three types", "types=order.paid,order.sent,workspaces.imported"),
    list("types by wildcard", "types=workspaces.*"),
    list("types by wildcard in front", "types=*.updated"),
    list("a type that is nowhere", "types=order.nowhere,nothing.*"),
    list("before a date", `beforeDate=${ago(30)}`),
    list("between dates", `afterDate=${ago(31)}&beforeDate=${ago(30)}`),
    list("after now", `afterDate=${ago(-1)}`),
    list("one user", (round) => `source.userId=user${String(round)}`),
    list("one user that is nowhere", "source.userId=nobody"),
    list("one correlation", (round) => `source.correlationId=c${String(round * 37)}`),
    list("one session that is nowhere", "source.sessionId=none"),
    list("path, common value", "payload.express=true"),
    list("path, scarce value", (round) => `payload.customer.district=D${String(round * 7)}`),
    list("path, one number", (round) => `payload.number=${String(round * 6 + 3)}`),
    list("path, item of a list", `payload.tags=${RARE.word}`),
    list("path, value that is nowhere", "payload.customer.city=Nowhere"),
    list("path that is nowhere", "payload.no.such=1"),
    list("path and type", (round) => `types=order.paid&payload.customer.district=D${String(round)}`),
    list("text, common", "text=invoice"),
    list("text, scarce", `text=${SCARCE.word}`),
    list("text, rare", `text=${RARE.word}`),
    list("text, part of a rare word", "text=rihel"),
    list("text, nowhere", "text=nowhere at all"),
    list("text, a made-up word", "text=zzqxv"),
    list("text, three letters nowhere", "text=qqq"),
    list("text, two letters", "text=in"),
    list("text, two letters nowhere", "text=qq"),
    list("text and type", `types=order.*&text=${RARE.word}`),
  ];
}

function searchCases(events: number): Case[] {
  const search = (name: string, query: (round: number) => unknown, more: object = {}): Case => ({
    name: `search, ${name}`,
    path: () => `/v2/workspaces/${BUSY}/search`,
    json: (round) => ({ query: query(round), ...more }),
    shared: true,
  });
  return [
    search("everything", () => ({ match_all: {} })),
    search("everything, page 100", () => ({ match_all: {} }), { page: 100 }),
    search("term on type", () => ({ term: { type: "order.placed" } })),
    search("term on a common value", () => ({ term: { "payload.express": true } })),
    search("term on a scarce value", (round) => ({
      term: { "payload.customer.district": `D${String(round)}` },
    })),
    search("term that is nowhere", () => ({ term: { "payload.customer.city": "Nowhere" } })),
    search("terms", (round) => ({ terms: { "payload.number": [round, round * 6 + 3, round * 60 + 4] } })),
    search("match of a common word", () => ({ match: { "payload.text": "invoice" } })),
    search("match of a rare word", () => ({ match: { "payload.message": RARE.word } })),
    search("match of words", () => ({
      match: { "payload.text": { query: "invoice nowhere", operator: "and" } },
    })),
    search("wildcard", () => ({ wildcard: { "payload.branch": "prismeai/bench-77*/main" } })),
    search("exists, common", () => ({ exists: { field: "payload.total" } })),
    search("exists, nowhere", () => ({ exists: { field: "payload.discount" } })),
    search("range, common", () => ({ range: { "payload.total": { gte: 500 } } })),
    search("range, rare", () => ({ range: { "payload.total": { gt: 999.9 } } })),
    search("range, nowhere", () => ({ range: { "payload.total": { gt: 5000 } } })),
    search("bool", () => ({
      bool: {
        filter: [{ term: { type: "order.paid" } }, { range: { "payload.number": { gte: events - 1000 } } }],
      },
    })),
    search("bool with must_not", (round) => ({
      bool: {
        must: [{ term: { "payload.customer.city": "Jarrow" } }],
        must_not: [{ term: { "payload.express": true } }, { term: { "payload.number": round } }],
        should: [{ match: { "payload.text": "ticket" } }, { match: { "payload.tags": "plain" } }],
        minimum_should_match: 1,
      },
    })),
    search("only must_not", () => ({ bool: { must_not: [{ exists: { field: "payload" + ".number" } }] } })),
  ];
}

/** Everything that is measured, for a fleet of that size. */
export function casesOf(workspaces: number, events: number): Case[] {
  return [
    ...workspaceCases(workspaces),
    ...feedCases("busy workspace", `/v2/workspaces/${BUSY}/events`, events, false),
    ...feedCases("quiet workspace", "/v2/workspaces/w7000/events", events, false),
    ...feedCases("everything", "/v2/events", events, true),
    ...searchCases(events),
  ];
}
