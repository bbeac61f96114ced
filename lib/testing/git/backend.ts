import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { GIT_ENVIRONMENT } from "./run";

/** Answers one request with `git http-backend`, the CGI program that comes with git. */
export function serveGit(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
  counts: { bytesIn: number; bytesOut: number },
  version2 = true,
): void {
  const url = new URL(request.url ?? "/", "http://localhost");
  const child = spawn("git", ["http-backend"], {
    env: {
      ...process.env,
      ...GIT_ENVIRONMENT,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      REQUEST_METHOD: request.method ?? "GET",
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      ...(request.headers["content-length"] ? { CONTENT_LENGTH: request.headers["content-length"] } : {}),
      // A stock client compresses a long list of wants.
      ...(request.headers["content-encoding"]
        ? { HTTP_CONTENT_ENCODING: request.headers["content-encoding"] }
        : {}),
      GIT_PROTOCOL: version2 ? String(request.headers["git-protocol"] ?? "") : "",
      REMOTE_USER: "client",
      REMOTE_ADDR: "127.0.0.1",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  request.on("data", (chunk: Buffer) => {
    counts.bytesIn += chunk.length;
  });
  // A client that goes away ends the pipe; the backend notices by itself.
  child.stdin.on("error", () => request.unpipe(child.stdin));
  request.pipe(child.stdin);
  let head: Buffer | null = Buffer.alloc(0);
  child.stdout.on("data", (chunk: Buffer) => {
    counts.bytesOut += chunk.length;
    if (head === null) {
      if (!response.write(chunk)) child.stdout.pause();
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    const { status, headers } = readHead(head.toString("latin1", 0, end));
    response.writeHead(status, headers);
    response.write(head.subarray(end + 4));
    head = null;
  });
  response.on("drain", () => child.stdout.resume());
  response.on("close", () => child.stdout.resume());
  child.on("error", () => response.writeHead(500).end());
  child.on("close", () => response.end());
}

function readHead(text: string): { status: number; headers: Record<string, string> } {
  let status = 200;
  const headers: Record<string, string> = {};
  for (const line of text.split("\r\n")) {
    const separator = line.indexOf(":");
    const name = line.slice(0, separator).toLowerCase();
    const value = line.slice(separator + 1).trim();
    if (name === "status") status = Number.parseInt(value, 10);
    else headers[name] = value;
  }
  return { status, headers };
}
