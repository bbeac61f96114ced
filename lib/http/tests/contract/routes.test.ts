import { afterAll, beforeAll, expect, test } from "vitest";
import { documentPath } from "@/lib/contract/endpoint";
import { ENDPOINTS } from "@/lib/contract";
import { openApiDocument, type DocumentOperation } from "@/lib/http/openapi/document";
import { AnswerCheck } from "@/lib/testing/contract/answer-check";
import { CONTENTS } from "@/lib/testing/contract/scenarios/contents";
import { PEOPLE } from "@/lib/testing/contract/scenarios/people";
import { PLATFORM } from "@/lib/testing/contract/scenarios/platform";
import { WORKSPACE } from "@/lib/testing/contract/scenarios/workspace";
import { World, type Scenarios } from "@/lib/testing/contract/world";

const SCENARIOS: Scenarios = { ...PEOPLE, ...PLATFORM, ...CONTENTS, ...WORKSPACE };
const document = openApiDocument(ENDPOINTS, "1.2.3");
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

const audits = new Map(
  ENDPOINTS.map(({ method, path, audit }) => [`${method} ${documentPath(path)}`, audit]),
);

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
    const audit = audits.get(name);
    if (audit?.action && !audit.when) expect(await auditEntries(audit.action, response)).toHaveLength(1);
  },
  60_000,
);
