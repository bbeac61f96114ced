import { join } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";
import { beforeAll, expect, test } from "vitest";
import { ENDPOINTS } from "@/lib/contract";
import { compact } from "../openapi/compact";
import { openApiDocument } from "../openapi/document";

/** What somebody writes with the client: no cast, and no word about media types. */
const CALLS = `
import createClient from "openapi-fetch";
import type { paths } from "./generated";

const api = createClient<paths>({ baseUrl: "http://localhost:3000" });
const shop = { path: { id: "slug:shop" } };

export async function tenCalls(): Promise<(string | number | boolean | null | undefined)[]> {
  const list = await api.GET("/v2/workspaces", { params: { query: { dirty: true, limit: 5 } } });
  const detail = await api.GET("/v2/workspaces/{id}", { params: shop });
  const created = await api.POST("/v2/workspaces", { body: { name: "Shop", labels: ["a:b"] } });
  const pushed = await api.POST("/v2/workspaces/{id}/versions", {
    params: { ...shop, query: { timeout: 60 } },
    body: { name: "1.0.0", repository: { id: "fleet" } },
  });
  const pulled = await api.POST("/v2/workspaces/{id}/versions/{name}/pull", {
    params: { path: { id: "slug:shop", name: "latest" } },
    body: { discardLocalChanges: true },
  });
  const bulk = await api.POST("/v2/workspaces/platform/versions", { body: { groups: ["base"], dryRun: true } });
  const operation = await api.GET("/v2/operations/{operationId}", { params: { path: { operationId: "o" } } });
  const events = await api.GET("/v2/workspaces/{id}/events", { params: { ...shop, query: { limit: 10 } } });
  const archive = await api.GET("/v2/workspaces/{id}/export", { params: shop, parseAs: "blob" });
  const stream = await api.GET("/v2/events", { params: { query: { sse: true } }, parseAs: "stream" });
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = stream.data?.getReader();
  return [
    list.data?.[0]?.slug,
    detail.data?.permissions[0],
    created.error ? created.error.message : created.data.id,
    pushed.data && "name" in pushed.data ? pushed.data.commit : "goes on",
    pulled.data && "imported" in pulled.data ? pulled.data.imported.length : 0,
    bulk.data && "pushedWorkspaceIds" in bulk.data ? bulk.data.pushedWorkspaceIds.length : 0,
    operation.data?.state === "done" ? operation.data.outcome : null,
    events.data?.result.events[0]?.createdAt,
    archive.data?.size,
    (await reader?.read())?.done,
  ];
}
`;

// A folder that is there: the compiler looks for modules in no other.
const FOLDER = import.meta.dirname;
let generated = "";

beforeAll(async () => {
  const document = compact(openApiDocument(ENDPOINTS, "1.2.3"));
  generated = astToString(await openapiTS(JSON.stringify(document)));
});

/** What the compiler says of these files, which are nowhere but in memory. */
function problemsOf(files: ReadonlyMap<string, string>): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.dom.asynciterable.d.ts"],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, ...rest) => {
    const text = files.get(name);
    return text === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, text, rest[0]);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

function problemsWith(calls: string): string[] {
  return problemsOf(
    new Map([
      [join(FOLDER, "generated.d.ts"), generated],
      [join(FOLDER, "calls.ts"), calls],
    ]),
  );
}

test("Ten calls of a client made of the document compile without a cast", () => {
  expect(CALLS).not.toMatch(/ as |<any>|!\./);
  expect(problemsWith(CALLS)).toEqual([]);
});

test("The same compiler finds a field that no answer has", () => {
  const wrong = CALLS.replace("pushed.data.commit", "pushed.data.comit");
  expect(problemsWith(wrong).join()).toContain("Property 'comit' does not exist");
});
