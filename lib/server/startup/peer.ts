import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/** Carries the address of the connection to the handlers, which see headers only. */
export const PEER_HEADER = "x-switchyard-peer";

/**
 * Writes the connection's own address into a header of every request before anything reads it, in place of whatever the
 * client sent under that name.
 */
export function tellPeers(): void {
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    request.headers[PEER_HEADER] = request.socket.remoteAddress?.replace(/^::ffff:/, "") ?? "unknown";
  });
}
