import http from "node:http";

/** Under this symbol of `globalThis` the engine finds the servers of its process. */
export const SERVERS = Symbol.for("switchyard.httpServers");

const REFUSAL = JSON.stringify({
  error: "InvalidRequest",
  message: "This server does not switch protocols. Send the request without an Upgrade header.",
});

/**
 * Whether a request asks for another protocol and cannot do without it. HTTP/2 is offered by ordinary clients (Java's,
 * curl's) beside a request that they want answered as it is.
 */
function insistsOnUpgrade({ headers }) {
  if (headers.upgrade === undefined || !/(^|,)\s*upgrade\s*(,|$)/i.test(headers.connection ?? ""))
    return false;
  return !headers.upgrade.split(",").every((protocol) => /^\s*h2c?\s*$/i.test(protocol));
}

/**
 * Makes a server one that never hands a socket over. The framework would take those of upgrades and let go of them only
 * when it wants to, so nobody may listen to upgrades: Node then treats them as the requests they are.
 */
function guard(server) {
  const on = server.on.bind(server);
  const emit = server.emit.bind(server);
  const close = server.close.bind(server);
  let isClosed = false;
  server.on = (event, listener) => (event === "upgrade" ? server : on(event, listener));
  server.addListener = server.on;
  server.emit = (event, ...given) => {
    const [request, response] = given;
    if (event !== "request" || !insistsOnUpgrade(request)) return emit(event, ...given);
    const headers = { "content-type": "application/json", "cache-control": "no-store", connection: "close" };
    response.writeHead(400, headers).end(REFUSAL);
    return true;
  };
  // Asked again by the framework, it has stopped listening already.
  server.close = (callback) => {
    if (!isClosed) close(callback);
    else callback?.();
    isClosed = true;
    return server;
  };
  return server;
}

/** From here on every HTTP server made in this process is a guarded one. */
export function guardServers() {
  const servers = (globalThis[SERVERS] ??= []);
  const createServer = http.createServer;
  http.createServer = (...given) => {
    const server = guard(createServer(...given));
    servers.push(server);
    return server;
  };
}
