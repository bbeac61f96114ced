import { beforeAll, expect, test } from "vitest";
import { documentPath } from "@/lib/contract/endpoint";
import { ENDPOINTS } from "@/lib/contract";
import { startEngine } from "@/lib/testing/engine";
import { compact } from "../openapi/compact";
import { openApiDocument, type DocumentOperation, type OpenApiDocument } from "../openapi/document";

let document: OpenApiDocument;
beforeAll(() => {
  document = openApiDocument(ENDPOINTS, "1.2.3");
});

function operations(): [string, DocumentOperation][] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, DocumentOperation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

const named = (wrong: (operation: DocumentOperation, name: string) => boolean) =>
  operations()
    .filter(([name, operation]) => wrong(operation, name))
    .map(([name]) => name);

test("Every endpoint is in the document under its heading, and nothing else", () => {
  expect(
    operations()
      .map(([name, { tags }]) => [name, tags])
      .sort(),
  ).toEqual(ENDPOINTS.map(({ method, path, tag }) => [`${method} ${documentPath(path)}`, [tag]]).sort());
});

test("Every operation says in one line what it does, who may call it, and what it answers", () => {
  expect(named(({ summary }) => summary === "" || summary.includes("\n"))).toEqual([]);
  expect(named((operation) => operation["x-required-access"] === "")).toEqual([]);
  expect(
    named(({ responses }) => !responses["303"] && Object.keys(responses["200"]?.content ?? {}).length === 0),
  ).toEqual([]);
  expect(
    named(({ responses }) => {
      const schema = responses["200"]?.content?.["application/json"]?.schema;
      return schema !== undefined && Object.keys(schema).length === 0;
    }),
  ).toEqual([]);
});

test("Names of operations are unique, and every variable part of a path is described", () => {
  const ids = operations().map(([, { operationId }]) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [name, { parameters }] of operations()) {
    const inPath = [...name.matchAll(/\{([^}]+)\}/g)].map(([, part]) => part);
    expect(parameters.filter((one) => one.in === "path").map((one) => one.name)).toEqual(inPath);
  }
});

test("Every reference in the document leads somewhere, and nothing of it is lost as JSON", () => {
  const text = JSON.stringify(document);
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, to = ""]) => to);
  expect(references.length).toBeGreaterThan(50);
  const lost = references.filter(
    (to) => !(to.replace("#/components/schemas/", "") in document.components.schemas),
  );
  expect([...new Set(lost)]).toEqual([]);
  expect(JSON.parse(text)).toEqual(document);
});

test("The document has the published paths, statuses, security and content types", () => {
  const push = document.paths["/v2/workspaces/{id}/versions"]?.post;
  expect(push).toMatchObject({ tags: ["Versions"], "x-required-access": "workspace:update" });
  expect(Object.keys(push?.responses["200"]?.content ?? {})).toEqual([
    "application/json",
    "text/event-stream",
  ]);
  expect(Object.keys(push?.responses ?? {})).toEqual(
    expect.arrayContaining(["400", "401", "403", "404", "409", "423", "502"]),
  );
  const upload = document.paths["/v2/workspaces/{id}/import"]?.post;
  expect(upload?.requestBody?.content).toHaveProperty("multipart/form-data.schema.properties.archive");
  expect(upload?.parameters.find(({ name }) => name === "prune")?.schema).toMatchObject({ type: "boolean" });
  const exported = document.paths["/v2/workspaces/{id}/export"]?.get;
  expect(Object.keys(exported?.responses["200"]?.content ?? {})).toEqual(["application/zip"]);
  expect(document.paths["/v2/signin"]?.post?.security).toEqual([]);
  expect(document.components.schemas).toMatchObject({
    Problem: { required: ["error", "message"] },
    Workspace: { properties: { dirty: { type: "boolean" } } },
  });
});

test("A push and an import of the platform are described for groups and for the platform's own workspace", () => {
  const bodyOf = (path: string) =>
    document.paths[path]?.post?.requestBody?.content["application/json"]?.schema;
  const named = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const own = expect.objectContaining({ type: "object" }) as unknown;
  expect(bodyOf("/v2/workspaces/platform/versions")).toEqual({ anyOf: [named("BulkPushRequest"), own] });
  expect(bodyOf("/v2/workspaces/platform/versions/latest/pull")).toEqual({
    anyOf: [named("BulkImportRequest"), own],
  });
  expect(document.components.schemas).toMatchObject({
    BulkPushRequest: { required: ["groups"], properties: { force: { type: "boolean" } } },
    BulkImportRequest: { properties: { forceReimport: { type: "boolean" } } },
  });
});

test("The document that is served says the same, with what operations share written once", async () => {
  const instance = await startEngine();
  try {
    const answer = await instance.call("GET", "/v2/openapi.json", { token: null });
    const served = compact(document);
    expect([answer.status, answer.body]).toMatchObject([200, { openapi: "3.1.0", paths: served.paths }]);
    expect(answer.text.length).toBeLessThan(JSON.stringify(document).length / 2);
    const { headers, responses } = served.components;
    const shared = { headers, responses } as Record<string, Record<string, unknown>>;
    const whole = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value), (_, inner: unknown) => {
        const to = (inner as { $ref?: string } | null)?.$ref?.split("/") ?? [];
        const [, , place = "", name = ""] = to;
        return place in shared ? whole(shared[place]?.[name]) : inner;
      });
    expect(whole(served.paths)).toEqual(document.paths);
  } finally {
    await instance.close();
  }
});
