import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { Oid } from "@/lib/domain/workspace";
import { FLUSH, pktLine } from "@/lib/git/protocol/pkt-line";
import { PACK_LIMITS } from "@/lib/git/pack/format";
import { aRepository, loopbackRepositories } from "@/lib/testing/git/git-server-repository";
import { MAIN, openSession } from "@/lib/testing/git/repository-contract";

const MIB = 1024 * 1024;
const TIP = "1".repeat(40) as Oid;
const LIMITS = { pack: { ...PACK_LIMITS, packBytes: 4 * MIB }, processBytes: 6 * MIB, refBytes: MIB };
const IMPATIENT = { connectMs: 2000, idleMs: 1000, totalMs: 1500, ceilingMs: 3000 };

/** What is sent again and again for as long as the client takes it. */
interface Endless {
  head?: Buffer;
  again: Buffer;
}
type Answer = Buffer | Endless;

const head = (type: string) =>
  Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: application/x-git-upload-pack-${type}\r\n\r\n`);
const band = (number: number, content: Buffer) => pktLine(Buffer.concat([Buffer.of(number), content]));
const header = (objects: number) => {
  const bytes = Buffer.from("PACK\0\0\0\u0002\0\0\0\0", "latin1");
  bytes.writeUInt32BE(objects, 8);
  return bytes;
};
const join = (...parts: (string | Buffer)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? pktLine(part) : part)));

const CAPABILITIES = join(head("advertisement"), "version 2\n", "ls-refs\n", "fetch=shallow\n", FLUSH);
const REFS = join(head("result"), `${TIP} ${MAIN}\n`, FLUSH);
const OLD_REFS = (capabilities: string) =>
  join(
    head("advertisement"),
    "# service=git-upload-pack\n",
    FLUSH,
    `${TIP} ${MAIN}\0${capabilities}\n`,
    FLUSH,
  );
const PACKFILE = join(head("result"), "packfile\n");
const many = (packet: Buffer) =>
  Buffer.concat(Array.from({ length: Math.ceil(32_000 / packet.length) }, () => packet));

let server: Server | undefined;
const sockets = new Set<Socket>();
let sent = 0;
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = undefined;
});

/** Answers the question what it offers, the one for refs and the one for objects; the last answer goes for the rest. */
async function serve(...answers: Answer[]): Promise<string> {
  sent = 0;
  const answer = (socket: Socket, which: number) => {
    const next = answers[Math.min(which, answers.length - 1)];
    if (!next) return;
    if (Buffer.isBuffer(next)) {
      socket.end(next);
      return;
    }
    const flood = () => {
      while (!socket.destroyed && next.again.length > 0) {
        sent += next.again.length;
        if (!socket.write(next.again)) return;
      }
    };
    socket.on("drain", flood);
    socket.write(next.head ?? "");
    flood();
  };
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    let request = "";
    socket.on("data", (chunk) => {
      const before = request;
      request += chunk.toString("latin1");
      if (whichOf(before) === null && whichOf(request) !== null) answer(socket, whichOf(request) ?? 0);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/fleet.git`;
}

function whichOf(request: string): number | null {
  if (request.startsWith("GET ") && request.includes("\r\n\r\n")) return 0;
  if (request.includes("command=ls-refs")) return 1;
  return request.includes("done\n") ? 2 : null;
}

const patient = loopbackRepositories({ limits: LIMITS });

async function read(url: string, repositories = patient, signal?: AbortSignal): Promise<void> {
  const session = await openSession({ repository: aRepository({ url }), repositories }, { signal });
  try {
    await session.subtree(TIP, "workspaces/shop");
  } finally {
    await session.close();
  }
}

const tree = (bytes: number) => {
  // The header of a whole blob of that size, and data that never inflates to its end.
  const entry = Buffer.alloc(1024, 0xaa);
  entry[0] = 0xb0 | (bytes & 15);
  return entry;
};

describe("A remote whose answer never ends", () => {
  it.each<[string, Answer[], string]>([
    [
      "capabilities",
      [{ head: join(head("advertisement"), "version 2\n"), again: many(pktLine("x=y\n")) }],
      "RemoteUnreachable|TooLarge",
    ],
    [
      "different capabilities",
      [
        {
          head: join(head("advertisement"), "version 2\n"),
          again: Buffer.concat(Array.from({ length: 300 }, (_, n) => pktLine(`c${String(n)}\n`))),
        },
      ],
      "RemoteUnreachable",
    ],
    [
      "refs",
      [CAPABILITIES, { head: head("result"), again: many(pktLine(`${TIP} refs/heads/x\n`)) }],
      "TooLarge",
    ],
    [
      "refs of version 0",
      [
        {
          head: join(head("advertisement"), `${TIP} ${MAIN}\0side-band-64k\n`),
          again: many(pktLine(`${TIP} refs/heads/x\n`)),
        },
      ],
      "TooLarge",
    ],
    [
      "keep-alives in place of refs",
      [CAPABILITIES, { head: head("result"), again: many(pktLine("")) }],
      "RemoteUnreachable|TooLarge",
    ],
    ["flushes", [CAPABILITIES, { head: head("result"), again: many(FLUSH) }], "RemoteUnreachable"],
    [
      "shallow commits",
      [
        CAPABILITIES,
        REFS,
        { head: join(head("result"), "shallow-info\n"), again: many(pktLine(`shallow ${TIP}\n`)) },
      ],
      "TooLarge",
    ],
    [
      "progress",
      [CAPABILITIES, REFS, { head: PACKFILE, again: many(band(2, Buffer.alloc(900, 0x2e))) }],
      "TooLarge",
    ],
    [
      "keep-alives in a pack",
      [CAPABILITIES, REFS, { head: PACKFILE, again: many(band(1, Buffer.alloc(0))) }],
      "TooLarge",
    ],
    [
      "what is no pack",
      [CAPABILITIES, REFS, { head: PACKFILE, again: many(band(1, Buffer.alloc(900))) }],
      "RemoteUnreachable",
    ],
    [
      "more objects than anybody has",
      [
        CAPABILITIES,
        REFS,
        { head: join(PACKFILE, band(1, header(0xffffffff))), again: many(band(1, tree(900))) },
      ],
      "TooLarge",
    ],
    [
      "a pack",
      [CAPABILITIES, REFS, { head: join(PACKFILE, band(1, header(1000))), again: many(band(1, tree(900))) }],
      "TooLarge",
    ],
    [
      "acknowledgements",
      [
        OLD_REFS("side-band-64k allow-any-sha1-in-want"),
        { head: head("result"), again: many(pktLine(`ACK ${TIP} common\n`)) },
      ],
      "TooLarge",
    ],
    [
      "a pack without side bands",
      [
        OLD_REFS("allow-any-sha1-in-want"),
        { head: join(head("result"), "NAK\n", header(1000)), again: many(tree(900)) },
      ],
      "TooLarge",
    ],
    [
      "preliminary answers",
      [{ again: Buffer.from("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100)) }],
      "RemoteUnreachable",
    ],
    [
      "headers",
      [{ head: Buffer.from("HTTP/1.1 200 OK\r\n"), again: Buffer.from(`x: ${"y".repeat(1000)}\r\n`) }],
      "RemoteUnreachable",
    ],
  ])("is refused early: %s", async (_what, answers, code) => {
    const url = await serve(...answers);
    const error = await read(url).then(
      () => null,
      (reason: unknown) => reason as { code: string; message: string },
    );
    expect(error?.code ?? "", error?.message).toMatch(new RegExp(`^(${code})$`));
    // What was taken, and what lay on the way.
    expect(sent).toBeLessThan(LIMITS.pack.packBytes + 16 * MIB);
  });

  it("takes no more memory from several at once than is set aside, and gives it back", async () => {
    const url = await serve(...[CAPABILITIES, REFS], {
      head: join(PACKFILE, band(1, header(1000))),
      again: many(band(1, tree(900))),
    });
    const repositories = loopbackRepositories({ limits: LIMITS });
    const all = await Promise.allSettled([1, 2, 3, 4].map(() => read(url, repositories)));
    const codes = all.map((one) =>
      one.status === "rejected" ? (one.reason as { code: string }).code : "ok",
    );
    for (const code of codes) expect(code).toMatch(/^(TooLarge|TooManyRequests|RemoteUnreachable)$/);
    // Had it not been given back, the second would be told that the process has no room.
    for (const _ of [1, 2]) await expect(read(url, repositories)).rejects.toMatchObject({ code: "TooLarge" });
  });
});

describe("A remote that does not answer as HTTP", () => {
  it.each<[string, Answer]>([
    [
      "with 101",
      Buffer.from("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"),
    ],
    [
      "with 101 and an open connection",
      {
        again: Buffer.alloc(0),
        head: Buffer.from("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"),
      },
    ],
    ["with 204", Buffer.from("HTTP/1.1 204 No Content\r\n\r\n")],
    ["with 205", Buffer.from("HTTP/1.1 205 Reset Content\r\ncontent-length: 0\r\n\r\n")],
    ["with nothing", Buffer.alloc(0)],
    ["with headers alone", Buffer.from(head("advertisement"))],
  ])("is given up: %s", async (_what, answer) => {
    const url = await serve(answer);
    const repositories = loopbackRepositories({ limits: LIMITS, timeouts: IMPATIENT });
    await expect(read(url, repositories)).rejects.toMatchObject({ code: "RemoteUnreachable" });
  });

  it.each<[string, Buffer, number]>([
    ["headers and then silence", head("advertisement"), 100_000],
    ["a drip of progress", join(head("advertisement"), "version 2\n"), 20],
  ])("is given up, and at once when the operation is cancelled: %s", async (_what, start, everyMs) => {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("data", () => {
        socket.write(start);
        const timer = setInterval(() => socket.write(pktLine(`x${"=".repeat(60)}\n`)), everyMs);
        socket.once("close", () => {
          clearInterval(timer);
        });
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/x.git`;
    const repositories = loopbackRepositories({ timeouts: IMPATIENT });
    await expect(read(url, repositories)).rejects.toMatchObject({
      code: "RemoteUnreachable",
      details: { reason: "timeout" },
    });
    const abort = new AbortController();
    const reading = read(url, loopbackRepositories(), abort.signal);
    const ended = expect(reading).rejects.toThrow("Cancelled by a person");
    await sleep(50);
    abort.abort(new Error("Cancelled by a person"));
    await ended;
  });
});
