import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { PEER_HEADER, tellPeers } from "@/lib/server/startup/peer";

test("A handler sees the connection's own address, whatever the client claims", async () => {
  tellPeers();
  const server = createServer((request, response) => response.end(String(request.headers[PEER_HEADER])));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const claimed = { headers: { [PEER_HEADER]: "6.6.6.6" } };
    expect(await (await fetch(`http://127.0.0.1:${String(port)}/`, claimed)).text()).toBe("127.0.0.1");
  } finally {
    server.close();
  }
});
