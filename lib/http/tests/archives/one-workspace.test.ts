import { expect, test } from "vitest";
import { readStream } from "@/lib/testing/sse";
import { aZip } from "@/lib/testing/zip/zip";
import {
  serveArchives,
  count,
  edit,
  error,
  events,
  exported,
  id,
  importInto,
  instance,
  read,
  slug,
  sources,
  upload,
} from "@/lib/testing/worlds/archives";

serveArchives();

test("An export has one top folder `current` with every file and .import.yml", async () => {
  await edit({
    "automations/Hello World.yml": "slug: hello # kept\r\n",
    "imports/Mail.yml": "appSlug: mail\n",
  });
  const files = await exported("GET", `/v2/workspaces/${id}/export`);
  expect(Object.keys(files).sort()).toEqual([
    "current/.import.yml",
    "current/automations/Hello World.yml",
    "current/imports/Mail.yml",
    "current/index.yml",
    "current/security.yml",
  ]);
  expect(files["current/automations/Hello World.yml"]).toBe("slug: hello # kept\r\n");
  const manifest = files["current/.import.yml"] ?? "";
  // An id that looks like a number is quoted.
  expect(manifest.replaceAll('"', "")).toContain(`workspaceId: ${id}`);
  expect(manifest).toMatch(/app\/mail/);
  expect(manifest).toMatch(/Hello World: "?sha256:/);
  expect(await exported("POST", `/v2/workspaces/slug:${slug}/versions/current/export`)).toMatchObject({
    "current/index.yml": files["current/index.yml"],
  });
});

test("A version is exported as it was, under its name", async () => {
  await edit({ "pages/home.yml": "slug: before\n" });
  await instance.call("POST", `/v2/workspaces/${id}/versions`, { json: { name: "v1" } });
  await edit({ "pages/home.yml": "slug: after\n" });
  const files = await exported("POST", `/v2/workspaces/${id}/versions/v1/export`);
  expect(files["v1/pages/home.yml"]).toBe("slug: before\n");
  expect(files["v1/.import.yml"]).toMatch(/name: "?v1/);
  const copy = await instance.call("POST", `/v2/workspaces/${id}/versions/v1/duplicate`, {
    json: { name: "Copied" },
  });
  expect([copy.status, copy.body]).toMatchObject([200, { name: "Copied", labels: [], dirty: true }]);
  const { id: copied } = copy.body as { id: string };
  const copiedFiles = await exported("GET", `/v2/workspaces/${copied}/export`);
  expect(copiedFiles["current/pages/home.yml"]).toBe("slug: before\n");
  expect(copiedFiles["current/index.yml"]).toContain(`id: ${copied}`);
  expect(await events("workspaces.duplicated")).toMatchObject([
    { payload: { workspace: { id: copied }, from: { id, version: "v1" } } },
  ]);
  const missing = await instance.call("POST", `/v2/workspaces/${id}/versions/v2/export`);
  expect([missing.status, missing.body]).toEqual([404, error("NotFound")]);
});

test("An import adds and replaces, deletes nothing without prune, and answers what it did", async () => {
  await edit({ "pages/old.yml": "slug: old\n", "pages/same.yml": "slug: same\n" });
  const index = await read("index.yml");
  const files = {
    "any/index.yml": index,
    "any/pages/new.yml": "slug: new\n",
    "any/pages/same.yaml": "slug: same2\n",
  };
  const added = await importInto(files);
  expect([added.status, added.body]).toMatchObject([
    200,
    {
      imported: ["pages/new.yml", "pages/same.yaml"],
      deleted: ["pages/same.yml"],
      errors: [],
      workspace: { id, slug },
      createdWorkspaceIds: [],
      updatedWorkspaceIds: [id],
      publishedApps: [],
      snapshot: { name: expect.stringMatching(/^before\./) as unknown },
    },
  ]);
  expect(added.headers.get("x-operation-id")).toBeTruthy();
  expect(await sources()).toEqual([
    "index.yml",
    "pages/new.yml",
    "pages/old.yml",
    "pages/same.yaml",
    "security.yml",
  ]);

  const pruned = await importInto(
    { "any/index.yml": index, "any/pages/new.yml": "slug: new\n" },
    "?prune=true",
  );
  expect(pruned.body).toMatchObject({ imported: [], deleted: ["pages/old.yml", "pages/same.yaml"] });
  expect(await sources()).toEqual(["index.yml", "pages/new.yml", "security.yml"]);
  const [last, first] = await events("workspaces.imported");
  expect(last?.payload).toMatchObject({ files: [], deleted: ["pages/old.yml", "pages/same.yaml"] });
  expect(first?.payload).toMatchObject({
    files: ["pages/new.yml", "pages/same.yaml"],
    version: { name: "current", repository: { id: "archive" } },
    errors: [],
  });
});

test("What an export gave is imported again without a change, and the snapshot of an import can be restored", async () => {
  await edit({ "pages/home.yml": "slug: here\n" });
  const before = await exported("GET", `/v2/workspaces/${id}/export`);
  const again = await importInto(before, "?prune=true");
  expect(again.body).toMatchObject({ imported: [], deleted: [], errors: [] });
  expect(again.body).not.toHaveProperty("snapshot");
  const changed = await importInto({ ...before, "current/pages/home.yml": "slug: there\n" });
  const { snapshot } = changed.body as { snapshot: { name: string } };
  await instance.call("POST", `/v2/workspaces/${id}/versions/${snapshot.name}/rollback?timeout=60`, {
    json: {},
  });
  expect(await read("pages/home.yml")).toBe("slug: here\n");
});

test("Files that pull.exclude of an archive repository names keep their content", async () => {
  const index = `${await read("index.yml")}repositories:\n  zips:\n    type: archive\n    pull:\n      exclude:\n        - path: pages/mine\n        - path: index\n`;
  expect((await edit({ "index.yml": index, "pages/mine.yml": "slug: mine\n" })).status).toBe(200);
  const answer = await importInto(
    {
      "a/index.yml": "name: Theirs\nslug: theirs\n",
      "a/pages/mine.yml": "slug: theirs\n",
      "a/pages/x.yml": "slug: x\n",
    },
    "?prune=true",
  );
  expect(answer.body).toMatchObject({
    imported: ["pages/x.yml"],
    deleted: [],
    excluded: ["index", "pages/mine.yml"],
    version: { repository: { id: "zips" } },
    workspace: { slug },
  });
  expect(await read("pages/mine.yml")).toBe("slug: mine\n");
});

test("An import with one unreadable file changes nothing and leaves no lock", async () => {
  const answer = await importInto({ "a/index.yml": "name: New\n", "a/pages/bad.yml": "a: 1\na: 2\n" });
  expect([answer.status, answer.body]).toEqual([422, error("UnreadableContent")]);
  expect((answer.body as { details: unknown }).details).toMatchObject({ path: "pages/bad.yml", line: 2 });
  const detail = await instance.call("GET", `/v2/workspaces/${id}`);
  expect(detail.body).toMatchObject({ name: expect.stringMatching(/^Shop/) as unknown });
  expect(detail.body).not.toHaveProperty("writeLock");
});

test("A locked workspace refuses an import with 423; one that runs holds the lock import_in_progress", async () => {
  await instance.call("POST", `/v2/workspaces/${id}/writeLock`, { json: { reason: "audit" } });
  const refused = await importInto({ "a/index.yml": "name: New\n" });
  expect([refused.status, refused.body]).toEqual([423, error("WorkspaceLocked")]);
  await instance.call("DELETE", `/v2/workspaces/${id}/writeLock`);
  const running = await importInto({ "a/index.yml": "name: New\n" }, "?timeout=0");
  expect([running.status, running.body]).toEqual([200, { processing: true }]);
  const operation = running.headers.get("x-operation-id") ?? "";
  const messages = await readStream(await instance.request("GET", `/v2/operations/${operation}?sse=true`));
  expect(messages.at(-1)).toMatchObject({ data: { kind: "import", status: "succeeded", errors: [] } });
});

test("An editor's archive changes neither security nor repositories, nor publishes an app, and the result says so", async () => {
  const editor = await instance.user({ role: "editor", workspaceId: id });
  const archive = await aZip({
    "a/index.yml":
      "name: Edited\nrepositories:\n  evil:\n    type: git\n    config:\n      url: https://evil.example/x.git\n",
    "a/security.yml": "authorizations: {}\n",
    "a/.import.yml": `workspaceId: ${id}\napp:\n  slug: hijack-${String(count)}\n`,
  });
  const answer = await upload(`/v2/workspaces/${id}/import`, archive, { token: editor.token });
  expect(answer.body).toMatchObject({ imported: ["index"], publishedApps: [] });
  const { errors } = answer.body as { errors: { err: string }[] };
  expect(errors.map(({ err }) => err)).toEqual(["PermissionDenied", "PermissionDenied", "PermissionDenied"]);
  const viewer = await instance.user({ role: "viewer", workspaceId: id });
  expect((await upload(`/v2/workspaces/${id}/import`, archive, { token: viewer.token })).status).toBe(403);
  expect((await instance.call("GET", `/v2/workspaces/${id}/export`, { token: viewer.token })).status).toBe(
    200,
  );
});

test("A file that was edited in an archive is a warning wherever the archive is imported, and an error nowhere", async () => {
  await edit({ "automations/hello.yml": "slug: hello\n" });
  const files = await exported("GET", `/v2/workspaces/${id}/export`);
  files["current/automations/hello.yml"] = "slug: hello # by hand\n";
  const path = "automations/hello.yml";
  const warned = {
    errors: [],
    warnings: [{ path, message: expect.stringContaining("edited after the export") as string }],
  };
  // The second time the file is here already.
  for (const query of ["", "", "?prune=true"])
    expect((await importInto(files, query)).body).toMatchObject(warned);
  const [event] = await events("workspaces.imported");
  expect(event?.payload).toMatchObject(warned);
  const created = await upload("/v2/workspaces/import", await aZip(files));
  expect(created.body).toMatchObject({
    warnings: warned.warnings,
    errors: [{ err: "SlugAlreadyInUse" }],
    createdWorkspaceIds: [expect.any(String)],
  });

  const many = Object.fromEntries(
    ["first", "second"].flatMap((folder) =>
      Object.entries(files).map(([name, text]) => [
        name.replace("current/", `all/${slug}-${folder}/`),
        text.replace(`slug: ${slug}`, `slug: ${slug}-${folder}`).replace(/^(workspaceI|i)d: .*\n/m, ""),
      ]),
    ),
  );
  const all = await upload("/v2/workspaces/import", await aZip(many));
  expect(all.body).toMatchObject({
    errors: [],
    warnings: ["first", "second"].map((folder) => ({
      ...warned.warnings[0],
      path: `${slug}-${folder}/${path}`,
    })),
  });
});
