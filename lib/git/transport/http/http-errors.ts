import { AppError } from "@/lib/domain/error";
import type { Service } from "../transport";

/** What an HTTP status means for whoever set up the repository; null when it is fine. */
export function statusError(status: number, service: Service): AppError | null {
  if (status === 200) return null;
  const details = { status };
  if (status === 401) {
    return new AppError(
      "RemoteAuthFailed",
      "The remote refused the credentials (401). Check the repository's user and password or access token.",
      details,
    );
  }
  if (status === 403) {
    const right = service === "git-receive-pack" ? "write to" : "read";
    return new AppError(
      "RemoteAuthFailed",
      `The remote accepted the credentials but does not let them ${right} this repository (403). Check the token's scopes and the account's role.`,
      details,
    );
  }
  if (status === 404 || status === 410) {
    return new AppError(
      "RemoteNotFound",
      `The remote has no repository at this URL (${String(status)}), or these credentials cannot see it. Check the URL and who can read it.`,
      details,
    );
  }
  if (status === 413) {
    return new AppError(
      "RemoteUnreachable",
      "The remote, or a proxy in front of it, does not accept a request of this size (413). Raise the limit there (client_max_body_size in nginx), then push again.",
      details,
    );
  }
  const again = status === 429 ? "asks to slow down" : "answered with an error";
  return new AppError(
    "RemoteUnreachable",
    `The remote ${again} (HTTP ${String(status)}). Try again later.`,
    details,
  );
}

/** Something else speaks at this address. */
export function notAnAnswer(what: string): AppError {
  return new AppError(
    "RemoteUnreachable",
    `The remote returned ${what}, which is not git's protocol. Check the URL and the proxy in front of the git server.`,
    { reason: "protocol" },
  );
}
