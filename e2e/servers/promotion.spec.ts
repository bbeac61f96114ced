import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";
import { gitServer, type GitServer, type TestRepository } from "@/lib/testing/git/git-server";
import { startInstance, TOKEN, type Instance } from "@/lib/testing/instance";

const run = promisify(execFile);

const GROUPS = {
  WORKSPACES_GROUP_base1_LABELS: "production:app:base1",
  WORKSPACES_GROUP_base2_LABELS: "production:app:base2",
  WORKSPACES_GROUP_extended_LABELS: "production:app,production:product",
};

/** Pushes groups as a pipeline does: only what the stream says, only with curl, grep and jq. */
const PIPELINE = `
set -u
out=$(mktemp)
curl -sN -w '\\nstatus=%{http_code}' "$API_URL/v2/workspaces/platform/versions?sse=true" \\
  --header 'Content-Type: application/json' --header "Authorization: Bearer $API_TOKEN" \\
  --data '{"repository":{"id":"myRepo"},"groups":["base1","base2","extended"]}' | tee "$out"
status=$(grep -o 'status=[0-9]*' "$out" | tail -1 | cut -d= -f2)
[ "$status" -ge 200 ] && [ "$status" -lt 300 ] || exit 2
last=$(grep '^data: ' "$out" | tail -1 | sed 's/^data: //')
[ -n "$last" ] || exit 3
errors=$(printf '%s' "$last" | jq '.errors | length')
conflicts=$(printf '%s' "$last" | jq '.mergeConflictWorkspaceIds | length')
[ "$errors" -eq 0 ] && [ "$conflicts" -eq 0 ] || exit 4
`;

/** Where jq is not installed, node answers the two questions that the pipeline asks of it. */
const JQ = `#!/usr/bin/env node
const path = process.argv[2].split("|")[0].trim().slice(1);
let text = "";
process.stdin.on("data", (chunk) => (text += chunk)).on("end", () => console.log(JSON.parse(text)[path].length));
`;

interface Call {
  method?: string;
  body?: unknown;
}

function client(instance: Instance) {
  return async (path: string, { method = "GET", body }: Call = {}) => {
    const response = await fetch(`${instance.url}/v2${path}`, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
}

const WORKSPACES = [
  { slug: "sso", label: "production:app:base1", app: "sso", uses: [] },
  { slug: "mailer", label: "production:app:base1", app: "mailer", uses: ["sso"] },
  { slug: "answers", label: "production:app:base2", app: "answers", uses: ["mailer"] },
  { slug: "desk", label: "production:product", app: null, uses: ["answers", "mailer"] },
  { slug: "sales", label: "production:app", app: null, uses: ["sso"] },
];

async function fill(instance: Instance): Promise<void> {
  const call = client(instance);
  for (const { slug, label, app, uses } of WORKSPACES) {
    const created = await call("/workspaces", {
      method: "POST",
      body: { name: `The ${slug}`, slug, labels: [label] },
    });
    expect(created.status).toBe(200);
    const files = {
      "pages/home.yml": `slug: home # the first page\ntitle:   "Héllo ${slug}"\n`,
      "automations/on message.yml": `slug: on message\nwhen: { events: ['message'] }\ndo: []\n`,
      "README.md": `# ${slug}\r\n\r\nKept as written.\r\n`,
      ...Object.fromEntries(uses.map((use) => [`imports/${use}.yml`, `appSlug: ${use}\nslug: ${use}\n`])),
    };
    expect(
      (await call(`/workspaces/slug:${slug}/sources`, { method: "PATCH", body: { files } })).status,
    ).toBe(200);
    if (app) {
      const workspaceId = String((await call(`/workspaces/slug:${slug}`)).body["id"]);
      expect(
        (await call("/apps", { method: "POST", body: { workspaceId, slug: app, name: app } })).status,
      ).toBe(200);
    }
  }
}

async function sources(instance: Instance, slug: string): Promise<unknown> {
  return (await client(instance)(`/workspaces/slug:${slug}/sources`)).body["tree"];
}

test.describe.configure({ mode: "serial" });

test.describe("Promotion from one instance to another through a git server with a password", () => {
  let server: GitServer;
  let remote: TestRepository;
  let sandbox: Instance;
  let production: Instance;
  let tools: string;

  test.beforeAll(async () => {
    test.setTimeout(180_000);
    server = await gitServer({ user: "ci", password: "a-secret-of-git" });
    remote = await server.repository("workspaces");
    const env = {
      ...GROUPS,
      SWITCHYARD_DEMO: "false",
      WORKSPACES_STORAGE_GIT_PLATFORM_myRepo_NAME: "My workspaces",
      WORKSPACES_STORAGE_GIT_PLATFORM_myRepo_URL: remote.url,
      WORKSPACES_STORAGE_GIT_PLATFORM_myRepo_BRANCH: "sandbox",
      WORKSPACES_STORAGE_GIT_PLATFORM_myRepo_DIRPATH: "workspaces",
      WORKSPACES_STORAGE_GIT_PLATFORM_myRepo_AUTH_USER: "ci",
      WORKSPACES_STORAGE_GIT_PLATFORM_myRepo_AUTH_PASSWORD: "a-secret-of-git",
    };
    sandbox = await startInstance({ env });
    production = await startInstance({ env });
    await fill(sandbox);
    tools = await mkdtemp(join(tmpdir(), "switchyard-tools-"));
    const found = await run("sh", ["-c", "command -v jq"]).catch(() => null);
    if (!found) {
      await writeFile(join(tools, "jq"), JQ);
      await chmod(join(tools, "jq"), 0o755);
    }
  });

  test.afterAll(async () => {
    await sandbox.stop();
    await production.stop();
    await server.close();
    await rm(tools, { recursive: true, force: true });
  });

  const pipeline = () =>
    run("bash", ["-c", PIPELINE], {
      env: {
        ...process.env,
        PATH: `${process.env["PATH"] ?? ""}:${tools}`,
        API_URL: sandbox.url,
        API_TOKEN: TOKEN,
      },
    });

  test("the pipeline's script pushes three groups; history, branches and the tag are as specified", async () => {
    const { stdout } = await pipeline();
    expect(stdout).toContain("event: workspaces.bulkPush.completed");
    expect(stdout).not.toContain("a-secret-of-git");
    expect((await remote.git("rev-list", "--count", "sandbox")).trim()).toBe("5");
    expect(await remote.fsck()).toBe("");
    const branches = (await remote.git("for-each-ref", "--format=%(refname:short)", "refs/heads")).split(
      "\n",
    );
    expect(branches.sort()).toEqual(
      ["sandbox", ...WORKSPACES.map(({ slug }) => `prismeai/${slug}/sandbox`)].sort(),
    );
    const tag = (await remote.git("tag")).trim();
    expect(tag).toMatch(/^\d{4}-\d\d-\d\d\.\d{6}$/);
    expect(await remote.git("rev-parse", tag)).toBe(await remote.git("rev-parse", "sandbox"));
    const manifest = await remote.read("sandbox", "workspaces/desk/.import.yml");
    for (const part of ["app/answers", "app/mailer", "- extended", `name: ${tag}`, "sha256:"])
      expect(manifest).toContain(part);
    // Nothing changed since: the second run has nothing to push and succeeds.
    await pipeline();
    expect((await remote.git("rev-list", "--count", "sandbox")).trim()).toBe("5");
  });

  test("the other instance imports every file byte for byte, in order, and then skips all", async () => {
    const call = client(production);
    const request = { repository: { id: "myRepo" }, groups: ["base1", "base2", "extended"] };
    const path = "/workspaces/platform/versions/latest/pull?timeout=60";
    const first = await call(path, { method: "POST", body: request });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ errors: [], cycles: [], skippedWorkspaceIds: [] });
    const order = (first.body["workspaces"] as { slug: string }[]).map(({ slug }) => slug);
    expect([...order].sort()).toEqual(WORKSPACES.map(({ slug }) => slug).sort());
    for (const { slug, uses } of WORKSPACES)
      for (const use of uses) expect(order.indexOf(use)).toBeLessThan(order.indexOf(slug));
    for (const { slug } of WORKSPACES)
      expect(await sources(production, slug)).toBe(await sources(sandbox, slug));

    const second = await call(path, { method: "POST", body: request });
    expect(second.body["skippedWorkspaceIds"]).toHaveLength(5);
    const forced = await call(path, { method: "POST", body: { ...request, forceReimport: true } });
    expect(forced.body["updatedWorkspaceIds"]).toHaveLength(5);
  });

  test("bad requests are refused by name before anything starts", async () => {
    const call = client(sandbox);
    const push = (body: unknown) => call("/workspaces/platform/versions?sse=true", { method: "POST", body });
    const unknownGroup = await push({ repository: { id: "myRepo" }, groups: ["nope"] });
    expect(unknownGroup).toMatchObject({ status: 404, body: { error: "NotFound" } });
    expect(JSON.stringify(unknownGroup.body)).toContain("base1");
    const unknownRepository = await push({ repository: { id: "nope" }, groups: ["base1"] });
    expect(unknownRepository).toMatchObject({ status: 404, body: { error: "NotFound" } });
    expect(JSON.stringify(unknownRepository.body)).toContain("myRepo");
    expect(await push({ groups: [] })).toMatchObject({ status: 400, body: { error: "InvalidRequest" } });
    expect(await push({ groups: ["base1"], colour: "red" })).toMatchObject({ status: 400 });
    const anonymous = await fetch(`${sandbox.url}/v2/workspaces/platform/versions`, {
      method: "POST",
      body: "{}",
    });
    expect(anonymous.status).toBe(401);
  });

  test("refusals from deep inside keep their code, their facts and their status", async () => {
    const call = client(sandbox);
    const push = () =>
      call("/workspaces/slug:desk/versions", { method: "POST", body: { repository: { id: "myRepo" } } });
    const taken = await call("/workspaces", { method: "POST", body: { name: "Again", slug: "desk" } });
    expect(taken).toMatchObject({ status: 409, body: { error: "SlugAlreadyInUse" } });

    await call("/workspaces/slug:desk/writeLock", { method: "POST", body: { reason: "closing the books" } });
    const locked = {
      status: 423,
      body: { error: "WorkspaceLocked", details: { writeLock: { reason: "closing the books" } } },
    };
    expect(await push()).toMatchObject(locked);
    const files = { "pages/home.yml": "slug: home\n" };
    expect(await call("/workspaces/slug:desk/sources", { method: "PATCH", body: { files } })).toMatchObject(
      locked,
    );
    await call("/workspaces/slug:desk/writeLock", { method: "DELETE" });

    await remote.commit({ "workspaces/desk/pages/theirs.yml": "slug: theirs\n" }, { branch: "sandbox" });
    expect((await call("/workspaces/slug:desk/sources", { method: "PATCH", body: { files } })).status).toBe(
      200,
    );
    expect(await push()).toMatchObject({
      status: 409,
      body: { error: "RemoteAhead", details: { behind: 1 } },
    });

    const broken = { "pages/home.yml": "a: 1\na: 2\n" };
    expect(
      await call("/workspaces/slug:desk/sources", { method: "PATCH", body: { files: broken } }),
    ).toMatchObject({
      status: 422,
      body: { error: "UnreadableContent", details: { path: "pages/home.yml", line: 2 } },
    });
    server.mood = "down";
    expect(await push()).toMatchObject({ status: 502, body: { error: "RemoteUnreachable" } });
    server.mood = "up";
  });

  test("neither instance ever prints the password", () => {
    for (const instance of [sandbox, production]) expect(instance.output()).not.toContain("a-secret-of-git");
  });
});
