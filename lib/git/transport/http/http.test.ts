import { execFileSync } from "node:child_process";
import { createServer, type RequestListener } from "node:http";
import https from "node:https";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AppError } from "@/lib/domain/error";
import { SecretValue } from "@/lib/domain/repository";
import { createEgressPolicy, type EgressPolicy } from "@/lib/net/egress";
import { HttpTransport, type HttpTransportOptions } from "./http";
import type { Exchange } from "../transport";

const RESULT = { "content-type": "application/x-git-upload-pack-result" };
const PASSWORD = "canary-hunter2";

let server: Server | undefined;
let transport: HttpTransport | undefined;
afterEach(async () => {
  transport?.close();
  await new Promise((resolve) => {
    if (server) server.close(resolve);
    else resolve(null);
    if (server && "closeAllConnections" in server) (server as https.Server).closeAllConnections();
  });
  server = undefined;
});

async function serve(listener: RequestListener, tls?: https.ServerOptions): Promise<number> {
  const made = tls ? https.createServer(tls, listener) : createServer(listener);
  server = made;
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  return (made.address() as AddressInfo).port;
}

async function ask(
  url: string,
  options: Partial<HttpTransportOptions> = {},
  exchange: Partial<Exchange> = {},
): Promise<string> {
  const egress: EgressPolicy = createEgressPolicy({ allow: ["127.0.0.0/8"] });
  transport = new HttpTransport({
    url: new URL(url),
    auth: { kind: "password", user: "git", password: new SecretValue(PASSWORD) },
    trusted: false,
    egress,
    timeouts: { connectMs: 2000, idleMs: 1000, totalMs: 2500, ceilingMs: 60_000 },
    signal: new AbortController().signal,
    ...options,
  });
  const body = [Buffer.from("0000")];
  const chunks: Buffer[] = [];
  const whole: Exchange = {
    service: "git-upload-pack",
    body,
    version2: true,
    maxBytes: 100_000,
    ...exchange,
  };
  for await (const chunk of transport.exchange(whole)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The error of a request, which must not give the password away. */
async function failure(...args: Parameters<typeof ask>): Promise<AppError> {
  const error = (await ask(...args).catch((reason: unknown) => reason)) as AppError;
  const token = Buffer.from(`git:${PASSWORD}`).toString("base64");
  const all = `${error.message} ${JSON.stringify(error)} ${String(error.stack)}`;
  expect(all).not.toContain(PASSWORD);
  expect(all).not.toContain(token);
  return error;
}

describe("A remote over HTTP", () => {
  it("is asked again on a new connection when it closed the kept one between two requests", async () => {
    const seen = new Map<unknown, number>();
    const port = await serve((request, response) => {
      const requests = (seen.get(request.socket) ?? 0) + 1;
      seen.set(request.socket, requests);
      if (requests > 1) request.socket.destroy();
      else response.writeHead(200, RESULT).end("answer");
    });
    expect(await ask(`http://127.0.0.1:${String(port)}/repo.git`)).toBe("answer");
    const again = transport?.exchange({
      service: "git-upload-pack",
      body: [Buffer.from("0000")],
      version2: true,
      maxBytes: 100,
    });
    const chunks: Buffer[] = [];
    for await (const chunk of again ?? []) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe("answer");
    expect([...seen.values()]).toEqual([2, 1]);
  });

  it("is sent the credentials and protocol version, and answers", async () => {
    const port = await serve((request, response) => {
      response
        .writeHead(200, RESULT)
        .end(`${request.headers.authorization ?? ""} ${String(request.headers["git-protocol"])}`);
    });
    const token = Buffer.from(`git:${PASSWORD}`).toString("base64");
    expect(await ask(`http://127.0.0.1:${String(port)}/a.git/`)).toBe(`Basic ${token} version=2`);
  });

  it("connects to the address that was checked, not to what the name says later", async () => {
    const port = await serve((request, response) => {
      response.writeHead(200, RESULT).end(request.headers.host);
    });
    let asked = 0;
    const egress = createEgressPolicy({
      allow: ["127.0.0.0/8"],
      resolve: () =>
        Promise.resolve([{ address: asked++ === 0 ? "127.0.0.1" : "10.0.0.1", family: 4 as const }]),
    });
    const url = `http://git.invalid:${String(port)}/a.git`;
    expect(await ask(url, { egress })).toBe(`git.invalid:${String(port)}`);
    expect(asked).toBe(1);
  });

  it.each([301, 302, 303, 307, 308])(
    "is followed by the first request, and by nothing else, to another path of the same origin (%i)",
    async (status) => {
      const seen: string[] = [];
      const port = await serve((request, response) => {
        seen.push(
          `${request.url ?? ""} ${request.headers.authorization === undefined ? "anonymous" : "signed in"}`,
        );
        if (request.url?.startsWith("/old/")) {
          response.writeHead(status, { location: request.url.replace("/old/", "/new/") }).end();
        } else {
          const kind = request.method === "GET" ? "advertisement" : "result";
          response.writeHead(200, { "content-type": `application/x-git-upload-pack-${kind}` }).end("answer");
        }
      });
      const url = `http://127.0.0.1:${String(port)}`;
      expect(await ask(`${url}/old/a`, {}, { body: null })).toBe("answer");
      expect(transport?.movedTo).toBe(`${url}/new/a`);
      const again = { service: "git-upload-pack", version2: true, maxBytes: 100 } as const;
      for await (const chunk of transport?.exchange({ ...again, body: [Buffer.from("0000")] }) ?? [])
        expect(chunk.toString()).toBe("answer");
      expect(seen).toEqual([
        "/old/a/info/refs?service=git-upload-pack signed in",
        "/new/a/info/refs?service=git-upload-pack signed in",
        "/new/a/git-upload-pack signed in",
      ]);
      expect(await ask(`${url}/old/b`)).toBe("answer");
      seen.length = 0;
      const push = { service: "git-receive-pack" } as const;
      expect(await failure(`${url}/old/a`, {}, push)).toMatchObject({
        code: "RemoteUnreachable",
        details: { url: `${url}/new/a` },
      });
      expect(seen).toEqual(["/old/a/git-receive-pack signed in"]);
    },
  );

  it.each([
    [
      "to another host",
      "https://other.example/a.git/info/refs?service=git-upload-pack",
      "https://other.example/a.git",
    ],
    ["to another port", "http://127.0.0.1:1/a.git/info/refs", "http://127.0.0.1:1/a.git"],
    [
      "with credentials in it",
      `https://me:${PASSWORD}@other.example/a/info/refs?x=1`,
      "https://other.example/a",
    ],
    ["to a host without a scheme", "//other.example/a.git/info/refs", "http://other.example/a.git"],
    ["to a sign-in page", "/users/sign_in?from=a", undefined],
    ["to a file", "file:///etc/info/refs", undefined],
    ["to nowhere", undefined, undefined],
  ])("is not followed by a discovery %s", async (_name, location, url) => {
    const seen: (string | undefined)[] = [];
    const port = await serve((request, response) => {
      seen.push(request.url);
      response.writeHead(301, location === undefined ? {} : { location }).end();
    });
    const error = await failure(`http://127.0.0.1:${String(port)}/a.git`, {}, { body: null });
    expect(error).toMatchObject({
      code: "RemoteUnreachable",
      message: expect.stringMatching(/redirects|moved/),
    });
    expect(error.details?.url).toBe(url);
    if (url !== undefined) expect(error.message).toContain(url);
    expect(seen).toHaveLength(1);
  });

  it("that redirects in a circle is given up", async () => {
    let requests = 0;
    const port = await serve((request, response) => {
      requests++;
      response.writeHead(302, { location: request.url }).end();
    });
    const error = await failure(`http://127.0.0.1:${String(port)}/a.git`, {}, { body: null });
    expect(error).toMatchObject({
      code: "RemoteUnreachable",
      message: expect.stringContaining("too many times"),
    });
    expect(requests).toBe(6);
  });

  it("is told to raise its limit when it finds a push too large", async () => {
    const port = await serve((_request, response) => response.writeHead(413).end());
    const error = await failure(`http://127.0.0.1:${String(port)}/a.git`);
    expect(error).toMatchObject({ code: "RemoteUnreachable", message: expect.stringContaining("this size") });
  });

  it("is told from a web page", async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<h1>Sign in</h1>");
    });
    expect(await failure(`http://127.0.0.1:${String(port)}/a.git`)).toMatchObject({ code: "RemoteNotFound" });
  });

  it("may not compress its answer", async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200, { ...RESULT, "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(1000)));
    });
    expect(await failure(`http://127.0.0.1:${String(port)}/a.git`)).toMatchObject({
      code: "RemoteUnreachable",
      message: expect.stringContaining("compressed its response"),
    });
  });

  it("is cut off when it answers without end", async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200, RESULT);
      const write = () => {
        while (!response.destroyed && response.write(Buffer.alloc(10_000)));
      };
      response.on("drain", write);
      write();
    });
    expect(await failure(`http://127.0.0.1:${String(port)}/a.git`)).toMatchObject({ code: "TooLarge" });
  });

  it("is given up when it is silent, when it drips, and when it ends early", async () => {
    const silent = await serve(() => undefined);
    const timeout = { code: "RemoteUnreachable", details: { reason: "timeout" } };
    expect(await failure(`http://127.0.0.1:${String(silent)}/a.git`)).toMatchObject(timeout);
    const dripping = await serve((_request, response) => {
      response.writeHead(200, RESULT);
      const timer = setInterval(() => response.write("x"), 50);
      response.on("close", () => {
        clearInterval(timer);
      });
    });
    const drip = await failure(`http://127.0.0.1:${String(dripping)}/a.git`);
    expect(drip).toMatchObject({ ...timeout, message: expect.stringContaining("no progress") });
    const cut = await serve((_request, response) => {
      response.writeHead(200, { ...RESULT, "content-length": "1000" });
      response.write("x");
      setTimeout(() => response.destroy(), 50);
    });
    expect(await failure(`http://127.0.0.1:${String(cut)}/a.git`)).toMatchObject({
      code: "RemoteUnreachable",
      details: { reason: "connection" },
    });
  });

  it("is left at once when the operation is cancelled", async () => {
    const controller = new AbortController();
    const port = await serve(() => {
      controller.abort(new Error("cancelled by Ada"));
    });
    await expect(
      ask(`http://127.0.0.1:${String(port)}/a.git`, { signal: controller.signal }),
    ).rejects.toThrow("cancelled by Ada");
  });

  it("is not sent an SSH key", async () => {
    const auth = { kind: "sshkey", key: new SecretValue("key") } as const;
    await expect(ask("https://127.0.0.1/a.git", { auth })).rejects.toMatchObject({ code: "InvalidRequest" });
  });
});

describe("A remote with a certificate of its own", () => {
  let tls: { key: string; cert: string };
  beforeAll(() => {
    const directory = mkdtempSync(join(tmpdir(), "switchyard-tls-"));
    const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
    const subject = ["-subj", "/CN=git.corp.example/O=Corp", "-addext", "subjectAltName=IP:127.0.0.1"];
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-keyout",
        key,
        "-out",
        cert,
        ...subject,
      ],
      { stdio: "ignore" },
    );
    tls = { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
    rmSync(directory, { recursive: true });
  });

  it("is refused by name, without sending it anything", async () => {
    let requests = 0;
    const port = await serve(() => {
      requests++;
    }, tls);
    const error = await failure(`https://127.0.0.1:${String(port)}/a.git`);
    expect(error).toMatchObject({ code: "RemoteUnreachable", details: { reason: "tls" } });
    expect(error.message).toContain("git.corp.example");
    expect(error.message).toContain("NODE_EXTRA_CA_CERTS");
    expect(requests).toBe(0);
  });

  it("is accepted with its authority given for the repository", async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200, RESULT).end("hello");
    }, tls);
    expect(await ask(`https://127.0.0.1:${String(port)}/a.git`, { ca: tls.cert })).toBe("hello");
  });

  it("is told from one that speaks plain HTTP", async () => {
    const port = await serve((_request, response) => {
      response.end();
    });
    expect(await failure(`https://127.0.0.1:${String(port)}/a.git`)).toMatchObject({
      code: "RemoteUnreachable",
      message: expect.stringContaining("http or https"),
    });
  });
});
