import { afterAll, beforeAll, expect, test } from "vitest";
import { ROUTES } from "@/app/v2/openapi.json/routes";
import { AUDITED } from "@/lib/http/gate/audited-routes";
import { openApiDocument, type DocumentOperation } from "@/lib/http/openapi/document";
import { documentPath } from "@/lib/http/openapi/words";
import { AnswerCheck } from "@/lib/testing/contract/answer-check";
import { CONTENTS } from "@/lib/testing/contract/scenarios/contents";
import { PEOPLE } from "@/lib/testing/contract/scenarios/people";
import { PLATFORM } from "@/lib/testing/contract/scenarios/platform";
import { WORKSPACE } from "@/lib/testing/contract/scenarios/workspace";
import { World, type Scenarios } from "@/lib/testing/contract/world";

const SCENARIOS: Scenarios = { ...PEOPLE, ...PLATFORM, ...CONTENTS, ...WORKSPACE };
const document = openApiDocument(ROUTES, "1.2.3");
const check = new AnswerCheck(document);
const OPERATIONS = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]): [string, DocumentOperation] => [
    `${method.toUpperCase()} ${path}`,
    operation,
  ]),
);

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

test("Every operation of the document is called here, and nothing that is not in it", () => {
  expect(Object.keys(SCENARIOS).sort()).toEqual(OPERATIONS.map(([name]) => name).sort());
});

const told = new Map(Object.entries(AUDITED).map(([key, audited]) => [documentPath(key), audited]));

/** The audit log's entries for what this answer did. */
async function auditEntries(action: string, response: Response): Promise<unknown[]> {
  const correlationId = response.headers.get("x-correlation-id") ?? "";
  const path = `/v2/audit?action=${action}&correlationId=${correlationId}`;
  return (await world.done<{ entries: unknown[] }>("GET", path)).entries;
}

test.each(OPERATIONS)(
  "%s answers as the document says, and is audited where it should be",
  async (name, operation) => {
    const scenario = SCENARIOS[name];
    if (!scenario) throw new Error(`There is no scenario for ${name}.`);
    const response = await scenario(world);
    expect(response.status, name).toBe(operation.responses["303"] ? 303 : 200);
    expect(await check.problems(operation, response)).toEqual([]);
    const audited = told.get(name);
    if (audited && !audited.when) expect(await auditEntries(audited.action, response)).toHaveLength(1);
  },
  60_000,
);
