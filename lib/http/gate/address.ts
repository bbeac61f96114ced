import { PEER_HEADER } from "@/lib/server/startup/peer";

const MAX_ADDRESS = 60;

/** Some proxies add the client's port, which is another one for each connection. */
function withoutPort(seen: string): string {
  const [, v4, v6] = /^(?:([\d.]+):\d+|\[([^\]]+)\](?::\d+)?)$/.exec(seen) ?? [];
  return v4 ?? v6 ?? seen;
}

/**
 * The address a request came from. Behind `trustedProxies` proxies it is the one that the outermost of them saw, because
 * what stands further left in `X-Forwarded-For` was written by the client.
 */
export function addressOf(request: Request, trustedProxies: number): string | undefined {
  const peer = request.headers.get(PEER_HEADER) ?? undefined;
  if (trustedProxies === 0) return peer;
  const forwarded = (request.headers.get("x-forwarded-for") ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const seen = forwarded.at(-Math.min(trustedProxies, forwarded.length || 1));
  return seen === undefined ? peer : withoutPort(seen).slice(0, MAX_ADDRESS);
}
