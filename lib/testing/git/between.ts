import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { FLUSH, pktLine, readPackets } from "@/lib/git/protocol/pkt-line";

export interface PassedAnswer {
  status: number;
  type: string;
  body: Buffer;
}

interface PassedRequest {
  isPush: boolean;
  url: string;
  body: Buffer;
  /** Hands the request on to the git server. */
  forward: () => Promise<PassedAnswer>;
}

/** `drop`: the connection ends without a word. */
type Meddle = (request: PassedRequest) => Promise<PassedAnswer | "drop">;

/** Stands between a client and a git server until the test ends; answers its address. */
export async function between(origin: string, meddle: Meddle): Promise<string> {
  const server = createServer((request, response) => {
    void (async () => {
      const { method = "", url = "", headers } = request;
      const body = await buffer(request);
      const sent = Object.entries(headers).flatMap(([name, value]) =>
        /^(authorization|content-type|git-protocol)$/.test(name) ? [[name, String(value)] as const] : [],
      );
      const forward = async () => {
        const init = { method, headers: Object.fromEntries(sent) };
        const answer = await fetch(
          origin + url,
          method === "POST" ? { ...init, body: new Uint8Array(body) } : init,
        );
        return {
          status: answer.status,
          type: answer.headers.get("content-type") ?? "",
          body: Buffer.from(await answer.arrayBuffer()),
        };
      };
      const isPush = method === "POST" && url.endsWith("git-receive-pack");
      const answer = await meddle({ isPush, url, body, forward });
      if (answer === "drop") request.socket.destroy();
      else response.writeHead(answer.status, { "content-type": answer.type }).end(answer.body);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

export function anAnswer(status: number): PassedAnswer {
  return { status, type: "text/plain", body: Buffer.from("no") };
}

async function linesOf(bytes: Buffer): Promise<Buffer[]> {
  const lines: Buffer[] = [];
  async function* once() {
    yield await Promise.resolve(bytes);
  }
  for await (const packet of readPackets(once())) if (packet.kind === "data") lines.push(packet.bytes);
  return lines;
}

/**
 * A server as Dulwich is one: it has no atomic pushes, calls itself neither git nor JGit, and says `ok` of every ref,
 * also of one that it did not move because somebody else had.
 */
export function sayingOk(origin: string): Promise<string> {
  return between(origin, async ({ isPush, url, forward }) => {
    const answer = await forward();
    if (url.includes("service=git-receive-pack")) {
      // Of the same length, so that the packets stay as they are.
      const text = answer.body
        .toString("latin1")
        .replace("agent=git/", "agent=odd/")
        .replace(" atomic", " omitac");
      return { ...answer, body: Buffer.from(text, "latin1") };
    }
    if (!isPush) return answer;
    const bands = await linesOf(answer.body);
    const report = await linesOf(
      Buffer.concat(bands.flatMap((band) => (band[0] === 1 ? [band.subarray(1)] : []))),
    );
    const honeyed = report.map((line) => pktLine(line.toString("utf8").replace(/^ng (\S+) .*$/m, "ok $1")));
    const band = pktLine(Buffer.concat([Buffer.from([1]), ...honeyed, FLUSH]));
    return { ...answer, body: Buffer.concat([band, FLUSH]) };
  });
}
