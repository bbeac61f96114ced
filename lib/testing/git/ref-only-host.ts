import { createServer, type IncomingMessage, request as ask, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pktLine } from "@/lib/git/protocol/pkt-line";
import { type GitServer, gitServer, type GitServerOptions } from "./git-server";

/** What Azure DevOps and CodeCommit offer of git's protocol. */
const UPLOAD = "multi_ack thin-pack side-band side-band-64k ofs-delta shallow no-progress include-tag";
const RECEIVE = "report-status delete-refs side-band-64k ofs-delta";

export interface RefOnlyHost extends Pick<GitServer, "url" | "repository" | "close"> {
  /** Every request so far, as `METHOD path?query`. */
  requests: string[];
  /** Why requests were refused. */
  refusals: string[];
}

/**
 * Git behind the rules of Azure DevOps and AWS CodeCommit: protocol version 0 alone, 400 to a client that does not say
 * `multi_ack`, no atomic pushes, no partial fetches, and nothing but what refs lead to.
 */
export async function refOnlyHost(options: Omit<GitServerOptions, "tls"> = {}): Promise<RefOnlyHost> {
  const git = await gitServer({ ...options, version2: false, filter: false, atomic: false });
  const refusals: string[] = [];
  const requests: string[] = [];
  /** Ids that refs were seen to hold, as a client was told. */
  const told = new Set<string>();
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
    void bodyOf(request).then(async (body) => {
      const refusal = request.method === "POST" ? refusalOf(request.url ?? "", body, told) : null;
      if (refusal) {
        refusals.push(refusal);
        answer(response, refusal, request.url ?? "");
        return;
      }
      const { status, headers, body: found } = await forward(git.url, request, body);
      const isList = request.method === "GET" && status === 200;
      const bytes = isList ? advertised(found, request.url ?? "", told) : found;
      response.writeHead(status, { ...headers, "content-length": String(bytes.length) }).end(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    url,
    refusals,
    requests,
    async repository(name: string) {
      const remote = await git.repository(name);
      return { ...remote, url: remote.url.replace(git.url, url) };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await git.close();
    },
  };
}

async function bodyOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function forward(
  to: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): Promise<{ status: number; headers: Record<string, string>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const request = ask(`${to}${url ?? ""}`, { method, headers }, (response) => {
      const found = Object.entries(response.headers).flatMap(([name, value]) =>
        typeof value === "string" && !/^(transfer-encoding|connection|content-length)$/.test(name)
          ? [[name, value] as const]
          : [],
      );
      const status = response.statusCode ?? 500;
      bodyOf(response).then(
        (bytes) => resolve({ status, headers: Object.fromEntries(found), body: bytes }),
        reject,
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** The list of refs with the capabilities of these hosts in place of git's. */
function advertised(bytes: Buffer, url: string, told: Set<string>): Buffer {
  const capabilities = url.includes("git-receive-pack") ? RECEIVE : UPLOAD;
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number.parseInt(bytes.toString("latin1", at, at + 4), 16);
    const line = bytes.subarray(at + 4, at + Math.max(4, length));
    const end = line.indexOf(0);
    if (/^[0-9a-f]{40} /.test(line.toString("latin1"))) told.add(line.toString("latin1", 0, 40));
    if (end >= 0) parts.push(pktLine(`${line.toString("utf8", 0, end)}\0${capabilities}\n`));
    else parts.push(bytes.subarray(at, at + Math.max(4, length)));
    at += Math.max(4, length);
  }
  return Buffer.concat(parts);
}

function refusalOf(url: string, body: Buffer, told: ReadonlySet<string>): string | null {
  if (url.endsWith("git-receive-pack")) {
    const first = body.toString("utf8", 0, Math.min(body.length, 1000));
    const said = /\0 ?([^\n]*)\n/.exec(first)?.[1] ?? "";
    return unknownOf(said, RECEIVE);
  }
  const text = body.toString("latin1");
  const [, said = ""] = /want [0-9a-f]{40}([^\n]*)\n/.exec(text) ?? [];
  if (!said.includes(" multi_ack")) return "the client does not say multi_ack";
  const unknown = unknownOf(said, UPLOAD) ?? (/\nfilter |[0-9a-f]{4}filter /.test(text) ? "filter" : null);
  if (unknown) return unknown;
  for (const [, oid = ""] of text.matchAll(/want ([0-9a-f]{40})/g)) {
    if (!told.has(oid)) return `upload-pack: not our ref ${oid}`;
  }
  return null;
}

function unknownOf(said: string, offered: string): string | null {
  const known = new Set(offered.split(" "));
  return said.split(" ").find((word) => word !== "" && !known.has(word)) ?? null;
}

function answer(response: ServerResponse, refusal: string, url: string): void {
  if (!refusal.startsWith("upload-pack:")) {
    response.writeHead(400).end(refusal);
    return;
  }
  const type = `application/x-${url.endsWith("git-upload-pack") ? "git-upload-pack" : "git-receive-pack"}-result`;
  response.writeHead(200, { "content-type": type }).end(pktLine(`ERR ${refusal}\n`));
}
