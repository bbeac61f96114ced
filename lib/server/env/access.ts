import { SecretValue } from "@/lib/domain/repository";
import type { Variables } from "./variables";

/** Roles that a group of the OIDC provider can be given. */
const GROUP_ROLES = ["super_admin", "owner", "editor", "viewer"] as const;

export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: SecretValue | undefined;
  /** On the button of the sign-in page. */
  name: string;
  scopes: string;
  groupsClaim: string;
  /** What a group's members are everywhere on this instance. */
  roles: { group: string; role: (typeof GROUP_ROLES)[number] }[];
  /** Whether someone the provider knows and this instance does not gets an account. */
  signUp: boolean;
  /** Believes e-mail addresses that the provider does not call verified. */
  trustEmail: boolean;
}

export interface AccessSettings {
  /** Requests a minute for each token, session or address; 0: no limit. */
  rateLimitPerMinute: number;
  /** Reverse proxies in front whose `X-Forwarded-For` is believed. */
  trustedProxies: number;
  auditRetentionDays: number;
  metrics: { token: SecretValue | undefined; isPublic: boolean };
  oidc: OidcSettings | null;
}

function readRoles(variables: Variables): OidcSettings["roles"] {
  const name = "SWITCHYARD_OIDC_ROLES";
  return variables.list(name).flatMap((entry) => {
    const at = entry.lastIndexOf("=");
    const group = entry.slice(0, Math.max(at, 0)).trim();
    const role = GROUP_ROLES.find((known) => known === entry.slice(at + 1).trim());
    if (group !== "" && role) return [{ group, role }];
    variables.problem(
      name,
      `lists ${JSON.stringify(entry.slice(0, 80))}; write group=role with a role of ${GROUP_ROLES.join(", ")}.`,
    );
    return [];
  });
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname);
}

function readOidc(variables: Variables): OidcSettings | null {
  const prefix = "SWITCHYARD_OIDC_";
  const issuer = variables.text(`${prefix}ISSUER`);
  const clientId = variables.text(`${prefix}CLIENT_ID`);
  if (issuer === undefined && clientId === undefined) return null;
  const url = issuer !== undefined && URL.canParse(issuer) ? new URL(issuer) : null;
  // A provider on this machine is for trying things out; anywhere else the password would travel in the clear.
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
  if (!isSafe) variables.problem(`${prefix}ISSUER`, "must be the https:// address of the provider.");
  if (clientId === undefined)
    variables.problem(`${prefix}CLIENT_ID`, "is missing; set it to the id of this instance at the provider.");
  const flag = (field: string, fallback: "true" | "false") =>
    variables.choice(prefix + field, ["true", "false"], fallback) === "true";
  const secret = variables.text(`${prefix}CLIENT_SECRET`);
  const scopes = variables.text(`${prefix}SCOPES`) ?? "openid email profile";
  if (!scopes.split(/\s+/).includes("openid")) variables.problem(`${prefix}SCOPES`, "must contain openid.");
  return {
    issuer: issuer ?? "",
    clientId: clientId ?? "",
    clientSecret: secret === undefined ? undefined : new SecretValue(secret),
    name: (variables.text(`${prefix}NAME`) ?? "single sign-on").slice(0, 60),
    scopes,
    groupsClaim: variables.text(`${prefix}GROUPS_CLAIM`) ?? "groups",
    roles: readRoles(variables),
    signUp: flag("SIGN_UP", "true"),
    trustEmail: flag("TRUST_EMAIL", "false"),
  };
}

/** What the environment decides about signing in, limits, the audit log and the metrics. */
export function readAccess(variables: Variables): AccessSettings {
  const token = variables.text("SWITCHYARD_METRICS_TOKEN");
  if (token !== undefined && token.length < 16)
    variables.problem("SWITCHYARD_METRICS_TOKEN", "must have at least 16 characters.");
  return {
    rateLimitPerMinute: variables.number("SWITCHYARD_RATE_LIMIT_PER_MINUTE", 60_000, 0, 100_000_000),
    trustedProxies: variables.number("SWITCHYARD_TRUSTED_PROXIES", 0, 0, 20),
    auditRetentionDays: variables.number("SWITCHYARD_AUDIT_RETENTION_DAYS", 730, 1, 36_500),
    metrics: {
      token: token === undefined ? undefined : new SecretValue(token),
      isPublic: variables.choice("SWITCHYARD_METRICS_PUBLIC", ["true", "false"], "false") === "true",
    },
    oidc: readOidc(variables),
  };
}
