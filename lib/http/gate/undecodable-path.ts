import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/** Where a request goes whose path cannot be decoded; its last segment is that path, encoded. */
export const UNDECODABLE = "undecodable-path";

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

/** The URL as it was, or one that the API can answer where the framework would break before any handler runs. */
function decodableUrl(url: string): string {
  const [path = ""] = url.split("?");
  if (!path.startsWith("/v2/") || isDecodable(path)) return url;
  return `/v2/${UNDECODABLE}/${encodeURIComponent(path.slice(0, 500))}`;
}

const STARTED = "http.server.request.start";

function mend(message: unknown): void {
  const { request } = message as { request: IncomingMessage };
  if (request.url !== undefined) request.url = decodableUrl(request.url);
}

/** Looks at the path of every request of this process's servers before anything else does, until told to stop. */
export function watchPaths(): () => void {
  subscribe(STARTED, mend);
  return () => {
    unsubscribe(STARTED, mend);
  };
}
