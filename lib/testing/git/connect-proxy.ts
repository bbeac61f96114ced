import { createServer } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

export interface ConnectProxy {
  url: string;
  /** What tunnels were asked for, as `host:port`. */
  asked: string[];
  close(): Promise<void>;
}

/** A proxy for https on loopback: tunnels to where it is told, or, by `hosts`, to where a name leads. */
export async function connectProxy(
  options: { user?: string; password?: string; hosts?: Record<string, string>; refuses?: boolean } = {},
): Promise<ConnectProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const token = Buffer.from(`${options.user ?? ""}:${options.password ?? ""}`).toString("base64");
  const server = createServer((_request, response) => response.writeHead(404).end());
  server.on("connect", (request, client: Socket) => {
    const where = request.url ?? "";
    asked.push(where);
    sockets.add(client);
    client.on("error", () => undefined);
    if (options.user !== undefined && request.headers["proxy-authorization"] !== `Basic ${token}`) {
      client.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    if (options.refuses) {
      client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const { hostname, port } = new URL(`tcp://${where}`);
    const target = connect(Number(port), options.hosts?.[hostname] ?? hostname, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.pipe(client);
      client.pipe(target);
    });
    sockets.add(target);
    target.on("error", () => client.destroy());
    target.on("close", () => client.destroy());
    client.on("close", () => target.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
