import { AppError } from "@/lib/domain/error";
import type { Exchange } from "../transport";

/** How often one request may be sent on. */
export const MAX_REDIRECTS = 5;

/** Where a redirect within the same origin leads. */
export interface Redirect {
  /** The repository's new address, without credentials or query. */
  address: string;
  /** Its path, below which the request is made again. */
  path: string;
}

interface Redirected extends Pick<Exchange, "service" | "body"> {
  status: number;
  /** The first request of a conversation, by which a repository is found. */
  isFirst: boolean;
}

/**
 * Reads a redirect as git does: only the first request is followed, and only to the same request below another path.
 * Git follows to other hosts as well; here credentials stay with the origin that they were given for. Throws RemoteUnreachable, with the new address in the details, for all others.
 */
export function readRedirect(
  from: URL,
  location: string | undefined,
  { service, body, status, isFirst }: Redirected,
): Redirect {
  const refuse = (message: string, url?: string) =>
    new AppError("RemoteUnreachable", message, { status, ...(url === undefined ? {} : { url }) });
  if (location === undefined || location.length > 2000 || !URL.canParse(location, from.href)) {
    throw refuse(
      "The remote redirects without saying where to. Set the repository's URL to its final address.",
    );
  }
  const to = new URL(location, from.href);
  const end = body ? `/${service}` : "/info/refs";
  const isRepository = /^https?:$/.test(to.protocol) && to.pathname.endsWith(end);
  const path = isRepository ? to.pathname.slice(0, -end.length) : to.pathname;
  const address = `${to.protocol}//${to.host}${path}`;
  if (!isRepository) {
    throw refuse(
      `The remote redirects to ${address}, which is not a git repository (a sign-in page, perhaps). Check the repository's URL and credentials.`,
    );
  }
  const moved = `The repository has moved to ${address}.`;
  if (to.protocol === "http:" && from.protocol === "https:") {
    throw refuse(
      `${moved} Set the repository's URL to its https address: redirects from https to http are not followed.`,
    );
  }
  if (!isFirst || to.origin !== from.origin) {
    const where = to.origin === from.origin ? "" : " to another host or port";
    throw refuse(
      `${moved} Set the repository's URL to the new address: redirects${where} are not followed, so that your credentials are not sent anywhere else.`,
      address,
    );
  }
  return { address, path };
}

export function redirectLoop(status: number): AppError {
  return new AppError(
    "RemoteUnreachable",
    "The remote redirects too many times. Set the repository's URL to its final address.",
    { status },
  );
}
