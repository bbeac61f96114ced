import { afterAll, beforeAll, expect, test } from "vitest";
import { ROUTES } from "@/app/v2/openapi.json/routes";
import { openApiDocument, type DocumentOperation } from "@/lib/http/openapi/document";
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

test.each(OPERATIONS)(
  "%s answers as the document says",
  async (name, operation) => {
    const scenario = SCENARIOS[name];
    const response = await scenario?.(world);
    expect(response?.status, name).toBe(operation.responses["303"] ? 303 : 200);
    expect(response && (await check.problems(operation, response))).toEqual([]);
  },
  60_000,
);
