import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/domain/error";
import { SecretValue } from "@/lib/domain/repository";
import { describeOnDatabases } from "@/lib/testing/database";
import { aNewWorkspace, contentsOf } from "@/lib/testing/store-builders";
import { parseEnv } from "../env";
import { createLog } from "../log";
import { Redactor } from "../redact";
import { MasterKey } from "../env/master-key";
import { sealSecret } from "../secrets/secrets";
import { listRepositories } from "./list";
import { parseRemoteUrl } from "../env/remote-url";
import { resolveRepository } from "./resolve";

const masterKey = new MasterKey(Buffer.alloc(32, 1));
const PREFIX = "WORKSPACES_STORAGE_GIT_PLATFORM_";

describe("a git URL", () => {
  it.each([
    ["https://Git.Example.com/org/x.git", "https://git.example.com:443"],
    ["http://git.example.com:8080/x", "http://git.example.com:8080"],
    ["ssh://git@git.example.com:2222/x.git", "ssh://git@git.example.com:2222"],
    ["git@git.example.com:org/x.git", "ssh://git@git.example.com:22"],
    ["file:///srv/git/x.git", "file://"],
  ])("%s has the origin %s", (url, origin) => {
    expect(parseRemoteUrl(url)).toMatchObject({ origin });
  });

  it.each([
    "https://user:canary@host/x.git",
    "https://canary@host/x.git",
    "ssh://git:canary@host/x.git",
    "ssh://-oProxyCommand=canary/x",
    "-oProxyCommand=canary:x",
    "ext::sh -c canary",
    "git://host/x",
    "https:///canary",
    "https://host/x?token=canary",
    "https://host\\@evil/canary",
    "file://host/canary",
    "https://host/a\nb",
    "canary",
  ])("%j is refused without repeating it", (url) => {
    const problem = parseRemoteUrl(url);
    expect(typeof problem).toBe("string");
    expect(problem).not.toContain("canary");
  });
});

await describeOnDatabases("repositories of a workspace", (database) => {
  async function aFleet(repositories: string, env: Record<string, string> = {}) {
    const store = await database.open();
    const text = `name: Shop\nslug: shop\nrepositories:\n${repositories}`;
    await store.workspaces.create(
      aNewWorkspace("shop", { slug: "shop", contents: contentsOf({ "index.yml": text }) }),
    );
    const log = createLog("silent", () => new Redactor());
    return {
      log,
      store,
      masterKey,
      env: parseEnv({ [`${PREFIX}company_URL`]: "https://git.example.com/fleet.git", ...env }),
    };
  }

  const refused = (error: unknown) => (error instanceof AppError ? error : null);

  it("are the native one, then the platform's, then its own", async () => {
    const engine = await aFleet(`  mine:
    name: Mine
    mode: read-only
    config: {url: "https://git.example.com/mine.git", branch: dev}
    pull: {exclude: [{path: security}]}
  wrong: {type: filesystem}
  zips: {type: archive}
  early: {config: {url: "https://git.example.com/early.git", branch: HEAD}}
`);
    const list = await listRepositories(engine, { id: "shop" });
    expect(list.map(({ id, scope }) => [id, scope])).toEqual([
      ["prismeai", "native"],
      ["company", "platform"],
      ["mine", "workspace"],
      // Its branch can no longer be declared; it is shown, so that it can be mended.
      ["early", "workspace"],
    ]);
    expect(list[2]).toMatchObject({ name: "Mine", mode: "read-only", branch: "dev", exclude: ["security"] });
  });

  it("fill in secrets of config.auth, which then go to that origin only", async () => {
    const at = (url: string) =>
      `  mine: {config: {url: "${url}", auth: {user: ci, password: "{{secret.token}}"}}}\n`;
    const engine = await aFleet(at("https://git.example.com/mine.git"));
    const secret = sealSecret(masterKey, "shop", {
      name: "token",
      version: 1,
      value: new SecretValue("s3cret!!"),
    });
    await engine.store.secrets.put("shop", [secret], "ada", []);
    const { auth } = await resolveRepository(engine, "shop", "mine", "push");
    expect(auth.kind === "password" && auth.password.reveal()).toBe("s3cret!!");

    const text = `name: Shop\nrepositories:\n${at("https://evil.example.com/mine.git")}`;
    const contents = contentsOf({ "index.yml": text });
    await engine.store.workspaces.write([
      { workspaceId: "shop", guard: {}, userId: "ada", contents, events: [] },
    ]);
    const error = await resolveRepository(engine, "shop", "mine", "push").catch(refused);
    expect(error).toMatchObject({ code: "PermissionDenied" });
  });

  it("bind a secret of the environment to its first origin as well", async () => {
    const engine = await aFleet(
      `  one: {config: {url: "https://git.example.com/1.git", auth: {password: "{{secret.token}}"}}}
  two: {config: {url: "https://other.example.com/2.git", auth: {password: "{{secret.token}}"}}}
`,
      { WORKSPACE_SECRET_shop_token: "from-env" },
    );
    const { auth } = await resolveRepository(engine, "shop", "one", "pull");
    expect(auth.kind === "password" && auth.password.reveal()).toBe("from-env");
    const error = await resolveRepository(engine, "shop", "two", "pull").catch(refused);
    expect(error).toMatchObject({
      code: "PermissionDenied",
      details: { origin: "https://other.example.com:443" },
    });
  });

  it.each([
    ["{type: filesystem, config: {url: /etc}}", "PermissionDenied", "filesystem"],
    ['{config: {url: "file:///srv/git/x.git"}}', "PermissionDenied", "file://"],
    ['{config: {url: "https://{{secret.token}}/x.git"}}', "PermissionDenied", "config.url uses a secret"],
    ['{name: "{{ secret.token }}", config: {url: "https://h/x"}}', "PermissionDenied", "name uses a secret"],
    ['{config: {url: "https://u:p@h/x"}}', "InvalidRequest", "auth.user and auth.password"],
    ['{config: {url: "https://h/x", branch: "a..b"}}', "InvalidRequest", "config.branch"],
    ['{config: {url: "https://h/x", branch: HEAD}}', "InvalidRequest", "means whatever is checked out"],
    ['{config: {url: "https://h/x", branch: prismeai/x/main}}', "InvalidRequest", "below prismeai/"],
    ['{config: {url: "https://h/x", auth: {password: "{{secret.none}}"}}}', "InvalidRequest", "secret none"],
    ['{config: {url: "https://h/x", dirpath: "../x"}}', "InvalidRequest", "config.dirpath"],
    ['{config: {url: "https://h/x", dirpath: "a/.GIT/hooks"}}', "InvalidRequest", "config.dirpath"],
    ['{config: {url: "https://h/x", dirpath: "a\\nb"}}', "InvalidRequest", "config.dirpath"],
    ["{type: git}", "InvalidRequest", "needs config.url"],
    ["{type: archive}", "InvalidRequest", "zip import"],
  ])("refuse %s", async (declared, code, message) => {
    const engine = await aFleet(`  mine: ${declared}\n`);
    const error = await resolveRepository(engine, "shop", "mine", "pull").catch(refused);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) as string });
  });

  it("answer 404 with the known ids, and 409 for a mode that does not allow it", async () => {
    const engine = await aFleet(
      `  mine: {mode: write-only, config: {url: "https://git.example.com/mine.git"}}\n`,
      {
        [`${PREFIX}release_TYPE`]: "filesystem",
        [`${PREFIX}release_DIRPATH`]: "/www",
        [`${PREFIX}release_MODE`]: "read-only",
      },
    );
    const unknown = await resolveRepository(engine, "shop", "nope", "pull").catch(refused);
    expect(unknown).toMatchObject({
      status: 404,
      details: { known: ["prismeai", "company", "release", "mine"] },
    });
    const push = await resolveRepository(engine, "shop", "release", "push").catch(refused);
    expect(push).toMatchObject({ code: "RepositoryModeMismatch", status: 409 });
    const pull = await resolveRepository(engine, "shop", "mine", "pull").catch(refused);
    expect(pull).toMatchObject({ code: "RepositoryModeMismatch", status: 409 });
  });
});
