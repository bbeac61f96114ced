import { PEER_HEADER } from "@/lib/server/startup/peer";

const MAX_ADDRESS = 60;

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
  return forwarded.at(-Math.min(trustedProxies, forwarded.length || 1))?.slice(0, MAX_ADDRESS) ?? peer;
}
