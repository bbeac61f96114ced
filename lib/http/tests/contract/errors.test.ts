import { afterAll, beforeAll, expect, test } from "vitest";
import { Problem } from "@/lib/http/openapi/schemas";
import { startEngine, type Call, type TestInstance } from "@/lib/testing/engine";

let instance: TestInstance;
let base = "";
let reader = "";
beforeAll(async () => {
  instance = await startEngine({ env: { SWITCHYARD_LIMIT_BODY_BYTES: "20000" } });
  const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop" } });
  const { id } = created.body as { id: string };
  base = `/v2/workspaces/${id}`;
  reader = (await instance.user({ role: "viewer", workspaceId: id })).token;
});
afterAll(() => instance.close());

const guess = { email: "nobody@larkfield.example", password: "wrong" };
const lock = () => instance.call("POST", `${base}/writeLock`, { json: { reason: "audit" } });
const guessed = async () => {
  for (let count = 0; count < 20; count++)
    await instance.call("POST", "/v2/signin", { token: null, json: guess });
};

// One refusal for each class; what has to come before it last.
const REFUSALS: [
  status: number,
  code: string,
  ask: () => [string, string, Call?],
  before?: () => Promise<unknown>,
][] = [
  [400, "InvalidRequest", () => ["POST", "/v2/workspaces", { json: { name: "Shop", colour: "red" } }]],
  [401, "Unauthenticated", () => ["GET", "/v2/me", { token: "at:unknown-unknown-unknown" }]],
  [403, "PermissionDenied", () => ["PATCH", base, { token: reader, json: { name: "Mine" } }]],
  [404, "NotFound", () => ["GET", "/v2/workspaces/nowhere"]],
  [405, "MethodNotAllowed", () => ["PUT", "/v2/me", { json: {} }]],
  [409, "SlugAlreadyInUse", () => ["PATCH", base, { json: { slug: "platform" } }]],
  [
    412,
    "PreconditionFailed",
    () => ["PATCH", `${base}/blocks`, { json: { a: {} }, headers: { "if-match": '"old"' } }],
  ],
  [413, "TooLarge", () => ["POST", "/v2/workspaces", { json: { name: "x".repeat(30_000) } }]],
  [422, "UnreadableContent", () => ["PUT", `${base}/sources/pages/a.yml`, { text: "a: 1\na: 2\n" }]],
  [423, "WorkspaceLocked", () => ["PATCH", base, { json: { name: "Other" } }], lock],
  [429, "TooManyRequests", () => ["POST", "/v2/signin", { token: null, json: guess }], guessed],
];

test.each(REFUSALS)(
  "%i %s has the flat shape of every error",
  async (status, code, ask, before) => {
    await before?.();
    const answer = await instance.call(...ask());
    expect([answer.status, answer.body]).toMatchObject([status, { error: code }]);
    expect(Object.keys(answer.body as object).filter((key) => !(key in Problem.shape))).toEqual([]);
    expect(Problem.parse(answer.body).message.length).toBeGreaterThan(10);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("x-correlation-id")).toBeTruthy();
    expect(answer.headers.get("cache-control")).toBe("no-store");
  },
  120_000,
);
