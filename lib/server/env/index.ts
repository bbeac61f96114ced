import { isIP } from "node:net";
import { resolve } from "node:path";
import { z } from "zod";
import type { Group } from "@/lib/domain/bulk";
import { SecretValue } from "@/lib/domain/repository";
import { readAccess } from "./access";
import { readCommitIdentity } from "./commit-identity";
import { isEgressEntry } from "./egress";
import { LIMIT_VARIABLES, type Limits } from "./limits";
import { readPlatformRepositories } from "./platform-repositories";
import { readExtraCa, readProxy } from "./proxy";
import type { Env, SuppliedValue } from "./types";
import { ConfigurationError, readTextFile, Variables, type FileReader } from "./variables";

export { ConfigurationError } from "./variables";
export { LIMIT_VARIABLES } from "./limits";
export type { Env } from "./types";

/** The colours that the console knows for an environment. */
const ENVIRONMENT_COLORS =
  "slate gray red orange amber yellow lime green emerald teal cyan sky blue indigo violet purple fuchsia pink rose".split(
    " ",
  );

const GROUP = /^WORKSPACES_GROUP_(.+)_LABELS(_FILE)?$/;
const Email = z.email();

function readGroups(variables: Variables): Group[] {
  const names = new Set<string>();
  for (const variable of variables.names("WORKSPACES_GROUP_")) {
    const name = GROUP.exec(variable)?.[1];
    if (name === undefined)
      variables.problem(variable, "is not a known variable; write WORKSPACES_GROUP_{name}_LABELS.");
    else names.add(name);
  }
  return [...names].map((name) => {
    const variable = `WORKSPACES_GROUP_${name}_LABELS`;
    const labels = variables.list(variable);
    if (labels.length === 0)
      variables.problem(variable, "must list at least one label, separated by commas.");
    return { name, labels };
  });
}

function readEnvironment(variables: Variables): Env["environment"] {
  const text = variables.text("SWITCHYARD_ENVIRONMENT") ?? "local:slate";
  const [name = "", color = "slate", ...rest] = text.split(":").map((part) => part.trim());
  if (name === "" || name.length > 40 || rest.length > 0 || !ENVIRONMENT_COLORS.includes(color))
    variables.problem(
      "SWITCHYARD_ENVIRONMENT",
      `must be name:color, such as production:red; the colors are ${ENVIRONMENT_COLORS.join(", ")}.`,
    );
  return { name, color };
}

function readBootstrap(variables: Variables): Env["bootstrap"] {
  const email = variables.text("SWITCHYARD_BOOTSTRAP_EMAIL") ?? "admin@localhost";
  // The default has no dot in its domain, which a strict address needs.
  if (email !== "admin@localhost" && !/^[^\s@]+@[^\s@]+$/.test(email))
    variables.problem("SWITCHYARD_BOOTSTRAP_EMAIL", "must be an e-mail address.");
  const password = variables.text("SWITCHYARD_BOOTSTRAP_PASSWORD");
  if (password !== undefined && password.length < 8)
    variables.problem("SWITCHYARD_BOOTSTRAP_PASSWORD", "must have at least 8 characters.");
  const token = variables.text("SWITCHYARD_BOOTSTRAP_TOKEN");
  if (token !== undefined && !/^at:[A-Za-z0-9._~-]{20,200}$/.test(token))
    variables.problem(
      "SWITCHYARD_BOOTSTRAP_TOKEN",
      "must be at: followed by at least 20 URL-safe characters (letters, digits, and any of . _ ~ -).",
    );
  return {
    email,
    password: password === undefined ? undefined : new SecretValue(password),
    token: token === undefined ? undefined : new SecretValue(token),
  };
}

function readSuperAdmins(variables: Variables): string[] {
  const emails = variables.list("SUPER_ADMIN_EMAILS").map((email) => email.toLowerCase());
  for (const email of emails) {
    if (!Email.safeParse(email).success && !/^[^\s@]+@localhost$/.test(email))
      variables.problem(
        "SUPER_ADMIN_EMAILS",
        `lists ${JSON.stringify(email)}, which is not an e-mail address.`,
      );
  }
  return emails;
}

function readDatabaseUrl(variables: Variables, dataDir: string): string {
  const url = variables.text("DATABASE_URL") ?? `file:${resolve(dataDir, "switchyard.db")}`;
  if (!/^(file:.|postgres(ql)?:\/\/.)/.test(url))
    variables.problem("DATABASE_URL", "must start with file: (SQLite) or postgresql:// (PostgreSQL).");
  return url;
}

function readMasterKey(variables: Variables, name: string): SecretValue | undefined {
  const text = variables.text(name);
  if (text === undefined) return undefined;
  if (!/^[0-9a-fA-F]{64}$/.test(text) && Buffer.from(text, "base64").length !== 32)
    variables.problem(
      name,
      "must be 32 bytes as 64 hexadecimal digits or as base64; create one with: openssl rand -hex 32",
    );
  return new SecretValue(text);
}

function readPublicUrl(variables: Variables): string | undefined {
  const text = variables.text("SWITCHYARD_PUBLIC_URL");
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (
    !url ||
    !/^https?:$/.test(url.protocol) ||
    url.username ||
    url.search ||
    url.hash ||
    url.pathname !== "/"
  )
    variables.problem(
      "SWITCHYARD_PUBLIC_URL",
      "must be an origin such as https://switchyard.example.com, without a path.",
    );
  return url?.origin;
}

/** The host that custom domains point to. */
function readPagesHost(variables: Variables): string {
  const text = variables.text("SWITCHYARD_PAGES_HOST") ?? "pages.prisme.ai";
  if (!/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$/i.test(text))
    variables.problem("SWITCHYARD_PAGES_HOST", "must be a host name such as pages.example.com.");
  return text.toLowerCase();
}

function readDnsServers(variables: Variables): string[] {
  const servers = variables.list("SWITCHYARD_DNS_SERVERS");
  for (const server of servers) {
    if (
      !isIP(server) &&
      !(/:\d{1,5}$/.test(server) && isIP(server.replace(/:\d+$/, "").replace(/^\[|\]$/g, "")))
    )
      variables.problem("SWITCHYARD_DNS_SERVERS", "must list addresses such as 10.0.0.53 or 10.0.0.53:5353.");
  }
  return servers;
}

function readEgress(variables: Variables): string[] {
  const entries = variables.list("SWITCHYARD_EGRESS_ALLOW");
  for (const entry of entries) {
    if (!isEgressEntry(entry))
      variables.problem(
        "SWITCHYARD_EGRESS_ALLOW",
        `lists ${JSON.stringify(entry.slice(0, 80))}; write host names, addresses and CIDRs such as 10.0.0.0/8.`,
      );
  }
  return entries;
}

function readStartupImport(
  variables: Variables,
  repositories: Env["platformRepositories"],
  groups: readonly Group[],
): Env["startupImport"] {
  const id = variables.text("STARTUP_IMPORT_REPOSITORY");
  const names = variables.list("STARTUP_IMPORT_GROUPS");
  if (id === undefined && names.length === 0) return null;
  const repository = id === undefined ? repositories[0] : repositories.find((known) => known.id === id);
  if (!repository) {
    const known = repositories.map((one) => one.id).join(", ") || "none";
    variables.problem(
      "STARTUP_IMPORT_REPOSITORY",
      id === undefined
        ? "is missing, and there is no platform repository to use instead."
        : `names ${JSON.stringify(id)}, which is not a platform repository; known: ${known}.`,
    );
  } else if (repository.mode === "write-only") {
    variables.problem("STARTUP_IMPORT_REPOSITORY", `names ${repository.id}, which is write-only.`);
  }
  for (const name of names) {
    if (!groups.some((group) => group.name === name))
      variables.problem(
        "STARTUP_IMPORT_GROUPS",
        `lists ${JSON.stringify(name)}, which no WORKSPACES_GROUP_{name}_LABELS declares; known: ${groups.map((group) => group.name).join(", ") || "none"}.`,
      );
  }
  return { repositoryId: repository?.id ?? "", groups: names };
}

/** Values for workspaces; the slug has no underscore, so the first one ends it. These have no `_FILE` form. */
function readSupplied(variables: Variables, prefix: string): SuppliedValue[] {
  return variables.names(prefix).flatMap((variable) => {
    const rest = variable.slice(prefix.length);
    const at = rest.indexOf("_");
    if (at < 1 || at === rest.length - 1) {
      variables.problem(variable, `is not a known variable; write ${prefix}{slug}_{name}.`);
      return [];
    }
    return [{ slug: rest.slice(0, at), name: rest.slice(at + 1), value: variables.raw(variable) ?? "" }];
  });
}

function readLimits(variables: Variables): Limits {
  return Object.fromEntries(
    LIMIT_VARIABLES.map((limit) => [
      limit.key,
      variables.number(limit.variable, limit.default, 1, Number.MAX_SAFE_INTEGER),
    ]),
  ) as Limits;
}

/**
 * Everything that the environment decides. Throws one ConfigurationError that names every variable with a problem and
 * what is expected of it; a value that may be secret is never repeated.
 */
export function parseEnv(
  source: Readonly<Record<string, string | undefined>>,
  readFile: FileReader = readTextFile,
): Env {
  const variables = new Variables(source, readFile);
  const dataDir = resolve(/* turbopackIgnore: true */ variables.text("SWITCHYARD_DATA_DIR") ?? "./data");
  const platformRepositories = readPlatformRepositories(variables);
  const groups = readGroups(variables);
  const env: Env = {
    host: variables.text("HOST") ?? "0.0.0.0",
    port: variables.number("PORT", 3000, 0, 65535),
    keepAliveSeconds: variables.number("SWITCHYARD_KEEP_ALIVE_SECONDS", 75, 1, 3600),
    databaseUrl: readDatabaseUrl(variables, dataDir),
    dataDir,
    masterKey: readMasterKey(variables, "SWITCHYARD_MASTER_KEY"),
    previousMasterKey: readMasterKey(variables, "SWITCHYARD_MASTER_KEY_PREVIOUS"),
    pagesHost: readPagesHost(variables),
    dnsServers: readDnsServers(variables),
    publicUrl: readPublicUrl(variables),
    environment: readEnvironment(variables),
    bootstrap: readBootstrap(variables),
    superAdminEmails: readSuperAdmins(variables),
    access: readAccess(variables),
    demo: variables.choice("SWITCHYARD_DEMO", ["auto", "false"], "auto"),
    egressAllow: readEgress(variables),
    proxy: readProxy(variables),
    extraCa: readExtraCa(variables, readFile),
    commitIdentity: readCommitIdentity(variables),
    platformRepositories,
    groups,
    startupImport: readStartupImport(variables, platformRepositories, groups),
    writeLockTimeoutMinutes: variables.number("WORKSPACE_WRITE_LOCK_TIMEOUT_MINUTES", 30, 1, 10_080),
    eventRetention: {
      inactivityDays: variables.number("EVENTS_CLEANUP_WORKSPACE_INACTIVITY_DAYS", 15, 0, 36_500),
      maxEvents: variables.number("EVENTS_CLEANUP_WORKSPACE_MAX_EVENTS", 100, 0, 1_000_000_000),
      retentionDays: variables.number("EVENTS_RETENTION_DAYS", 180, 0, 36_500),
    },
    limits: readLimits(variables),
    configValues: readSupplied(variables, "WORKSPACE_CONFIG_"),
    secretValues: readSupplied(variables, "WORKSPACE_SECRET_").map(({ slug, name, value }) => ({
      slug,
      name,
      value: new SecretValue(value),
    })),
    logLevel: variables.choice("LOG_LEVEL", ["trace", "debug", "info", "warn", "error", "silent"], "info"),
  };
  if (variables.problems.length > 0) throw new ConfigurationError(variables.problems);
  return env;
}

/** Whether a value whose variable says `written` is meant for the workspace `slug`. */
export function suppliedFor(written: string, slug: string): boolean {
  return written.toLowerCase() === slug.toLowerCase();
}
