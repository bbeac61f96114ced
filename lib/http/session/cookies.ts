import type { NewSession } from "@/lib/server/access";

export interface CookieScope {
  /** Suffix of the cookies' names. */
  suffix: string;
  secure: boolean;
}

/**
 * Browsers share cookies between the ports of one host, so the names carry the port: someone may be signed in to
 * two instances on one machine. `publicUrl` wins, because behind a proxy the Host header may be another.
 */
export function cookieScope(request: Request, publicUrl: string | undefined): CookieScope {
  const forwarded = request.headers.get("x-forwarded-proto")?.split(",")[0]?.trim();
  const url = publicUrl ? new URL(publicUrl) : null;
  const secure = url
    ? url.protocol === "https:"
    : (forwarded ?? new URL(request.url).protocol).startsWith("https");
  const host = request.headers.get("host") ?? new URL(request.url).host;
  const port = url ? url.port : (/:(\d+)$/.exec(host)?.[1] ?? "");
  return { suffix: port === "" || port === "80" || port === "443" ? "" : `_${port}`, secure };
}

export const sessionCookieName = (scope: Pick<CookieScope, "suffix">) => `switchyard_session${scope.suffix}`;
const csrfCookieName = (scope: Pick<CookieScope, "suffix">) => `switchyard_csrf${scope.suffix}`;

/** The value of one cookie of a request, or null. */
export function cookieOf(request: Request, name: string): string | null {
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const equals = part.indexOf("=");
    if (equals !== -1 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim() || null;
  }
  return null;
}

function cookie(name: string, value: string, scope: CookieScope, attributes: string[]): string {
  return [
    `${name}=${value}`,
    "Path=/",
    "SameSite=Lax",
    ...(scope.secure ? ["Secure"] : []),
    ...attributes,
  ].join("; ");
}

/** The two cookies of a new session; only the CSRF token can be read by the page. */
export function sessionCookies(session: NewSession, scope: CookieScope): string[] {
  const expires = `Expires=${session.expiresAt.toUTCString()}`;
  return [
    cookie(sessionCookieName(scope), session.value, scope, [expires, "HttpOnly"]),
    cookie(csrfCookieName(scope), session.csrfToken, scope, [expires]),
  ];
}

/** Cookies that take a session away again. */
export function clearedCookies(scope: CookieScope): string[] {
  return [
    cookie(sessionCookieName(scope), "", scope, ["Max-Age=0", "HttpOnly"]),
    cookie(csrfCookieName(scope), "", scope, ["Max-Age=0"]),
  ];
}

/** The origin under which the browser reached this instance. */
export function originOf(request: Request, publicUrl: string | undefined): string {
  if (publicUrl) return publicUrl;
  const { secure } = cookieScope(request, undefined);
  const host = request.headers.get("host") ?? new URL(request.url).host;
  return `${secure ? "https" : "http"}://${host}`;
}

const FLOW_SECONDS = 600;
const flowCookieName = (scope: Pick<CookieScope, "suffix">) => `switchyard_oidc${scope.suffix}`;

/** Keeps what a sign-in at the OIDC provider began with until the browser comes back; null takes it away. */
export function flowCookie(flow: string | null, scope: CookieScope): string {
  const age = `Max-Age=${String(flow === null ? 0 : FLOW_SECONDS)}`;
  return cookie(flowCookieName(scope), flow ?? "", scope, [age, "HttpOnly"]);
}

export const flowOf = (request: Request, scope: CookieScope) => cookieOf(request, flowCookieName(scope));
