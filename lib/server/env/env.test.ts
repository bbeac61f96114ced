import { describe, expect, it } from "vitest";
import { ConfigurationError, LIMIT_VARIABLES, parseEnv } from "./index";

const PREFIX = "WORKSPACES_STORAGE_GIT_PLATFORM_";

function noFiles(path: string): string {
  throw Object.assign(new Error(`no ${path}`), { code: "ENOENT" });
}

function problemsOf(source: Record<string, string>, readFile = noFiles): string {
  try {
    parseEnv(source, readFile);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return error instanceof Error ? error.message : "";
  }
  return "";
}

describe("the environment", () => {
  it("is complete with nothing configured", () => {
    const env = parseEnv({}, noFiles);
    expect(env).toMatchObject({
      host: "0.0.0.0",
      port: 3000,
      environment: { name: "local", color: "slate" },
      demo: "auto",
      platformRepositories: [],
      groups: [],
      startupImport: null,
      writeLockTimeoutMinutes: 30,
      eventRetention: { inactivityDays: 15, maxEvents: 100, retentionDays: 180 },
      bootstrap: { email: "admin@localhost" },
    });
    expect(env.databaseUrl).toMatch(/^file:\/.*switchyard\.db$/);
    expect(env.limits.fileBytes).toBe(1024 * 1024);
  });

  it("reads platform repositories with mixed-case ids, ids that contain underscores, and defaults", () => {
    const env = parseEnv(
      {
        [`${PREFIX}myRepo_URL`]: "https://git.example.com/org/workspaces.git",
        [`${PREFIX}myRepo_DIRPATH`]: "/workspaces/",
        [`${PREFIX}myRepo_AUTH_USER`]: "ci",
        [`${PREFIX}myRepo_AUTH_PASSWORD`]: "tok-en",
        [`${PREFIX}my_other_repo_NAME`]: "Other",
        [`${PREFIX}my_other_repo_URL`]: "git@git.example.com:org/other.git",
        [`${PREFIX}my_other_repo_AUTH_SSHKEY`]: "-----BEGIN KEY-----\\nabc\\n-----END KEY-----",
        [`${PREFIX}release_TYPE`]: "filesystem",
        [`${PREFIX}release_DIRPATH`]: "/www/workspaces",
      },
      noFiles,
    );
    const [first, second, third] = env.platformRepositories;
    expect(first).toMatchObject({
      id: "myRepo",
      name: "myRepo",
      type: "git",
      mode: "read-write",
      branch: "main",
      dirpath: "workspaces",
    });
    expect(first?.auth.kind === "password" && first.auth.password.reveal()).toBe("tok-en");
    expect(second).toMatchObject({ id: "my_other_repo", name: "Other" });
    expect(second?.auth.kind === "sshkey" && second.auth.key.reveal()).toBe(
      "-----BEGIN KEY-----\nabc\n-----END KEY-----\n",
    );
    expect(third).toMatchObject({
      type: "filesystem",
      mode: "read-only",
      dirpath: "/www/workspaces",
      url: "",
    });
  });

  it("keeps groups in the order of their declaration", () => {
    const env = parseEnv(
      {
        WORKSPACES_GROUP_zeta_LABELS: '"production:app:base1"',
        WORKSPACES_GROUP_alpha_LABELS: "production:app, production:product",
      },
      noFiles,
    );
    expect(env.groups).toEqual([
      { name: "zeta", labels: ["production:app:base1"] },
      { name: "alpha", labels: ["production:app", "production:product"] },
    ]);
  });

  it("reads a variable from the file that its _FILE form names", () => {
    const env = parseEnv(
      {
        SWITCHYARD_BOOTSTRAP_TOKEN_FILE: "/run/secrets/token",
        [`${PREFIX}one_URL`]: "https://git.example.com/one.git",
        [`${PREFIX}one_AUTH_PASSWORD_FILE`]: "/run/secrets/password",
      },
      (path) => (path.endsWith("token") ? `at:${"x".repeat(24)}\n` : "from-a-file\n"),
    );
    expect(env.bootstrap.token?.reveal()).toBe(`at:${"x".repeat(24)}`);
    const auth = env.platformRepositories[0]?.auth;
    expect(auth?.kind === "password" && auth.password.reveal()).toBe("from-a-file");
  });

  it("has no _FILE form for the values of workspaces", () => {
    const env = parseEnv(
      { WORKSPACE_CONFIG_shop_API_URL: "https://api", "WORKSPACE_SECRET_my-shop_KEY_FILE": "/etc/passwd" },
      noFiles,
    );
    expect(env.configValues).toEqual([{ slug: "shop", name: "API_URL", value: "https://api" }]);
    expect(env.secretValues[0]).toMatchObject({ slug: "my-shop", name: "KEY_FILE" });
    expect(env.secretValues[0]?.value.reveal()).toBe("/etc/passwd");
  });

  it("names every problem in one error and what is expected instead", () => {
    const message = problemsOf({
      PORT: "eighty",
      SWITCHYARD_ENVIRONMENT: "production:reddish",
      SWITCHYARD_BOOTSTRAP_TOKEN: "at:short",
      SWITCHYARD_EGRESS_ALLOW: "10.0.0.0/33",
      WORKSPACES_GROUP_empty_LABELS: ",",
      [`${PREFIX}a_TYPE`]: "svn",
      [`${PREFIX}a_URL`]: "ftp://host/x",
      [`${PREFIX}a_URI`]: "https://host/x",
      [`${PREFIX}b_URL`]: "https://host/x",
      [`${PREFIX}b_BRANCH`]: "refs/heads/main",
      SWITCHYARD_COMMITTER_NAME: "Switchyard",
      SWITCHYARD_COMMIT_AUTHOR: "nobody",
      STARTUP_IMPORT_REPOSITORY: "missing",
      SWITCHYARD_MASTER_KEY_FILE: "/nowhere",
    });
    for (const variable of [
      "PORT must be a whole number",
      "SWITCHYARD_ENVIRONMENT must be name:color",
      "SWITCHYARD_BOOTSTRAP_TOKEN must be at:",
      "SWITCHYARD_EGRESS_ALLOW lists",
      "WORKSPACES_GROUP_empty_LABELS must list",
      `${PREFIX}a_TYPE must be one of git, filesystem`,
      `${PREFIX}a_URL is not usable`,
      `${PREFIX}a_URI is not a known variable`,
      `${PREFIX}b_BRANCH is not usable: Write the branch name without refs/heads/: main.`,
      "SWITCHYARD_COMMITTER_NAME needs SWITCHYARD_COMMITTER_EMAIL",
      "SWITCHYARD_COMMIT_AUTHOR must be user or committer",
      "STARTUP_IMPORT_REPOSITORY names",
      "SWITCHYARD_MASTER_KEY_FILE names /nowhere, which cannot be read (ENOENT)",
    ])
      expect(message).toContain(variable);
  });

  it("never shows a secret in a problem", () => {
    const message = problemsOf({
      [`${PREFIX}a_URL`]: "https://user:hunter2-canary@host/x.git",
      SWITCHYARD_MASTER_KEY: "canary-master-key",
      SWITCHYARD_BOOTSTRAP_PASSWORD: "canary1",
      SWITCHYARD_BOOTSTRAP_TOKEN: "at:canary2",
    });
    expect(message).toContain(`${PREFIX}a_AUTH_USER and ${PREFIX}a_AUTH_PASSWORD`);
    expect(message).toContain("SWITCHYARD_MASTER_KEY must be 32 bytes");
    expect(message).not.toContain("canary");
  });

  it("refuses the id of the native repository, and both forms of one variable", () => {
    const message = problemsOf(
      {
        [`${PREFIX}Prismeai_URL`]: "https://host/x.git",
        PORT: "80",
        PORT_FILE: "/port",
      },
      () => "81",
    );
    expect(message).toContain("which the built-in repository uses");
    expect(message).toContain("PORT and PORT_FILE are both set");
  });

  it("lets every limit be configured", () => {
    const source = Object.fromEntries(
      LIMIT_VARIABLES.map(({ variable }, index) => [variable, String(index + 7)]),
    );
    const { limits } = parseEnv(source, noFiles);
    LIMIT_VARIABLES.forEach(({ key }, index) => {
      expect(limits[key]).toBe(index + 7);
    });
  });

  it("reads the proxy for https, its credentials and its exceptions, in either case", () => {
    const { proxy } = parseEnv(
      {
        https_proxy: "proxy.example:3128",
        HTTPS_PROXY: "http://other:1",
        no_proxy: "localhost, .corp.example",
      },
      noFiles,
    );
    expect(proxy?.url.href).toBe("http://proxy.example:3128/");
    expect(proxy).toMatchObject({ except: ["localhost", ".corp.example"] });
    const signed = parseEnv({ HTTPS_PROXY: "https://ada:s%40crets@proxy.example" }, noFiles).proxy;
    expect(signed?.url.href).toBe("https://proxy.example/");
    expect(signed?.credentials?.password.reveal()).toBe("s@crets");
    expect(problemsOf({ HTTPS_PROXY: "ftp://ada:canary@x" })).toMatch(
      /HTTPS_PROXY must be the URL of a proxy/,
    );
    expect(problemsOf({ HTTPS_PROXY: "ftp://ada:canary@x" })).not.toContain("canary");
  });

  it("reads an SSH key with its passphrase and the authorities of NODE_EXTRA_CA_CERTS", () => {
    const source = {
      [`${PREFIX}main_URL`]: "git@git.example:org/x.git",
      [`${PREFIX}main_AUTH_SSHKEY`]: "-----BEGIN KEY-----\\nabc",
      [`${PREFIX}main_AUTH_PASSPHRASE`]: "open sesame",
      NODE_EXTRA_CA_CERTS: "/ca.pem",
    };
    const env = parseEnv(source, (path) => (path === "/ca.pem" ? "PEM" : noFiles(path)));
    const auth = env.platformRepositories[0]?.auth;
    expect(auth?.kind === "sshkey" && auth.passphrase?.reveal()).toBe("open sesame");
    expect(env.extraCa).toBe("PEM");
    expect(
      problemsOf({ [`${PREFIX}main_URL`]: "https://h/x", [`${PREFIX}main_AUTH_PASSPHRASE`]: "x" }),
    ).toMatch(/AUTH_PASSPHRASE needs .*AUTH_SSHKEY/);
  });

  it("imports at start from a repository and groups that are known", () => {
    const source = {
      [`${PREFIX}release_TYPE`]: "filesystem",
      [`${PREFIX}release_DIRPATH`]: "/www/workspaces",
      WORKSPACES_GROUP_base_LABELS: "base",
      STARTUP_IMPORT_REPOSITORY: "release",
    };
    expect(parseEnv({ ...source, STARTUP_IMPORT_GROUPS: "base" }, noFiles).startupImport).toEqual({
      repositoryId: "release",
      groups: ["base"],
    });
    expect(problemsOf({ ...source, STARTUP_IMPORT_GROUPS: "base,extended" })).toContain(
      'STARTUP_IMPORT_GROUPS lists "extended"',
    );
  });

  it("reads an OIDC provider with its groups, and names what is wrong with one", () => {
    const provider = {
      SWITCHYARD_OIDC_ISSUER: "https://id.example.com",
      SWITCHYARD_OIDC_CLIENT_ID: "switchyard",
      SWITCHYARD_OIDC_CLIENT_SECRET: "its-secret",
    };
    const env = parseEnv({ ...provider, SWITCHYARD_OIDC_ROLES: "cn=ops=editor" }, noFiles);
    expect(env.access.oidc).toMatchObject({
      issuer: "https://id.example.com",
      name: "single sign-on",
      groupsClaim: "groups",
      signUp: true,
      roles: [{ group: "cn=ops", role: "editor" }],
    });
    expect(env.access).toMatchObject({
      rateLimitPerMinute: 60_000,
      auditRetentionDays: 730,
      trustedProxies: 0,
    });
    expect(parseEnv({}, noFiles).access.oidc).toBeNull();
    const problems = problemsOf({
      SWITCHYARD_OIDC_ISSUER: "http://id.example.com",
      SWITCHYARD_OIDC_ROLES: "staff=king",
      SWITCHYARD_METRICS_TOKEN: "short",
    });
    for (const part of [
      "_ISSUER must be the https",
      "_CLIENT_ID is missing",
      '"staff=king"',
      "METRICS_TOKEN must",
    ])
      expect(problems).toContain(part);
  });
});
