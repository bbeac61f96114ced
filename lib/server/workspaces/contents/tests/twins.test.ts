import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, type TestInstance } from "@/lib/testing/engine";

let instance: TestInstance;
beforeAll(async () => {
  instance = await startEngine();
});
afterAll(() => instance.close());

test("A write or rename that would make two names that differ in case or Unicode form only is refused, and names both", async () => {
  const made = await instance.call("POST", "/v2/workspaces", { json: { name: "Twins" } });
  const { id } = made.body as { id: string };
  const call = (method: string, path: string, json: unknown) =>
    instance.call(
      method,
      `/v2/workspaces/${id}${path}`,
      typeof json === "string" ? { text: json } : { json },
    );
  const files = {
    "pages/case.yml": "slug: case\n",
    "pages/UPPER.yml": "slug: UPPER\n",
    "pages/fi.yml": "slug: fi\n",
    "pages/é.yml": "slug: é\n",
  };
  expect((await call("PATCH", "/sources", { files })).status).toBe(200);
  const refusals: [string, string, unknown, string[]][] = [
    ["PUT", "/sources/pages/Case.yml", "slug: Case\n", ["pages/Case.yml", "pages/case.yml"]],
    ["PUT", "/sources/pages/É.yml", "slug: É\n", ["pages/É.yml", "pages/é.yml"]],
    ["PATCH", "/sources", { files: { "pages/ﬁ.yml": "slug: ﬁ\n" } }, ["pages/ﬁ.yml", "pages/fi.yml"]],
    ["PUT", "/sources/pages/upper.yml", "slug: upper\n", ["pages/upper.yml", "pages/UPPER.yml"]],
    ["PATCH", "/sources", { files: { "a/X.md": "", "a/x.md": "" } }, ["a/X.md", "a/x.md"]],
    ["POST", "/pages", { slug: "CASE", name: "Case" }, ["pages/CASE.yml", "pages/case.yml"]],
    ["PATCH", "/pages/fi", { slug: "Case" }, ["pages/Case.yml", "pages/case.yml"]],
  ];
  for (const [method, path, json, names] of refusals) {
    const { status, body } = await call(method, path, json);
    const { message } = body as { message: string };
    expect([method, path, status]).toEqual([method, path, 400]);
    for (const name of names) expect(message).toContain(name);
  }
  const decomposed = await call("PATCH", "/sources", { files: { "pages/e\u0301.yml": "slug: e\n" } });
  expect([decomposed.status, (decomposed.body as { message: string }).message]).toEqual([
    400,
    expect.stringContaining("composed form"),
  ]);
  const sources = (await instance.call("GET", `/v2/workspaces/${id}/sources`)).body as {
    files: { path: string }[];
  };
  expect(sources.files.map(({ path }) => path).sort()).toEqual(
    ["index.yml", "security.yml", ...Object.keys(files)].sort(),
  );

  // The same file under another case is a rename.
  const renamed = { files: { "pages/case.yml": null, "pages/Case.yml": "slug: Case\n" } };
  expect((await call("PATCH", "/sources", renamed)).status).toBe(200);
  expect((await call("PATCH", "/pages/fi", { slug: "FI" })).status).toBe(200);
});
