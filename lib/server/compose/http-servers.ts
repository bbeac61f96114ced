import type { Server } from "node:http";

const SERVERS = Symbol.for("switchyard.httpServers");
// Uploads of archives over slow lines take long; nobody needs longer for a request.
const REQUEST_MS = 300_000;
const HEADERS_MORE_MS = 10_000;

/** The HTTP servers of this process that `npm start` guards; none in development and in tests. */
export function httpServers(): readonly Server[] {
  return (globalThis as typeof globalThis & { [SERVERS]?: Server[] })[SERVERS] ?? [];
}

/** Keeps idle connections for longer than proxies in front do, so that none closes as a request is on its way. */
export function keepConnections(servers: readonly Server[], keepAliveSeconds: number): void {
  for (const server of servers) {
    server.keepAliveTimeout = keepAliveSeconds * 1000;
    server.headersTimeout = server.keepAliveTimeout + HEADERS_MORE_MS;
    server.requestTimeout = Math.max(REQUEST_MS, server.headersTimeout);
  }
}
