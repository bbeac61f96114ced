/**
 * How a write that is signed in by a cookie proves that it comes from the console:
 *
 * 1. The browser says so: `Sec-Fetch-Site` is `same-origin`, or, where a browser does not send that, `Origin` names
 *    this host.
 * 2. The page says so: the header `x-csrf-token` carries the session's token. The page reads it from the cookie
 *    `switchyard_csrf`, which is not HttpOnly. On a port other than 80 and 443 the cookie's name ends in `_{port}`
 *    (`switchyard_csrf_3000`), because browsers share cookies between the ports of a host. A client takes
 *    `switchyard_csrf` + (location.port ? "_" + location.port : ""), else whichever cookie begins with `switchyard_csrf`.
 *
 * The token is stored with the session and compared with it, so planting a cookie from a sibling domain gains nothing.
 * Requests with a bearer token need neither: a browser never adds one by itself.
 */
import { AppError } from "@/lib/domain/error";
import { sameText } from "@/lib/server/access";

const CSRF_HEADER = "x-csrf-token";

export function isWrite(request: Request): boolean {
  return !["GET", "HEAD", "OPTIONS"].includes(request.method);
}

function isSameOrigin(request: Request, publicUrl: string | undefined): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin" || site === "none";
  const origin = request.headers.get("origin");
  if (origin === null) return true;
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return (
    host === request.headers.get("host") || (publicUrl !== undefined && host === new URL(publicUrl).host)
  );
}

/** Refuses a write that another site had the browser send. Throws PermissionDenied. */
export function refuseForeignOrigin(request: Request, publicUrl: string | undefined): void {
  if (isWrite(request) && !isSameOrigin(request, publicUrl))
    throw new AppError(
      "PermissionDenied",
      "This request came from another site. Use the console itself, or an access token.",
    );
}

/** Refuses a cookie's write without the session's token. Throws PermissionDenied. */
export function requireCsrfToken(request: Request, csrfToken: string): void {
  if (!isWrite(request)) return;
  const given = request.headers.get(CSRF_HEADER);
  if (given === null || !sameText(given, csrfToken))
    throw new AppError(
      "PermissionDenied",
      `The header ${CSRF_HEADER} is missing or does not belong to this session. Reload the page and try again.`,
    );
}
