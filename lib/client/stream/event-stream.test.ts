import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { followStream, type StreamMessage } from "./event-stream";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  open.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  );
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
}

function collect(
  url: string,
  lastEventId?: string,
): Promise<{ messages: StreamMessage[]; states: string[] }> {
  const messages: StreamMessage[] = [];
  const states: string[] = [];
  return new Promise((resolve) => {
    followStream({
      url,
      ...(lastEventId === undefined ? {} : { lastEventId }),
      onMessage: (message) => messages.push(message),
      isLast: (message) => message.event === "end",
      onState: (state) => {
        states.push(state);
        if (state === "closed") resolve({ messages, states });
      },
    });
  });
}

describe("A stream is followed to its end", () => {
  test("A broken line is resumed after the last message, with none twice", async () => {
    const cursors: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      cursors.push(request.headers["last-event-id"] as string | undefined);
      response.writeHead(200, { "content-type": "text/event-stream" });
      if (cursors.length === 1) {
        response.write("event: step\nid: 7\ndata: 1\n\nevent: step\nid: 8\nda");
        setTimeout(() => response.destroy(), 20);
      } else {
        response.end("event: step\nid: 8\ndata: 2\n\nevent: end\nid: 9\ndata: 3\n\n");
      }
    });
    const { messages, states } = await collect(url);
    expect(cursors).toEqual([undefined, "7"]);
    expect(messages.map(({ data }) => data)).toEqual(["1", "2", "3"]);
    expect(states).toEqual(["connecting", "live", "reconnecting", "live", "closed"]);
  });

  test("A cursor given at the start is sent along", async () => {
    let cursor: string | undefined;
    const url = await serve((request, response) => {
      cursor = request.headers["last-event-id"] as string | undefined;
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end("event: end\nid: 5\ndata: {}\n\n");
    });
    await collect(url, "4");
    expect(cursor).toBe("4");
  });

  test("A refusal ends the following instead of repeating the question", async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked += 1;
      response.writeHead(404).end("{}");
    });
    const { states } = await collect(url);
    expect([asked, states]).toEqual([1, ["connecting", "closed"]]);
  });

  test("Chunks may break anywhere, lines may end in both ways, and a comment is no message", async () => {
    const text =
      "event: a\nid: 1\ndata: {}\n\n: keep-alive\n\nevent: b\r\nid: 2\r\ndata: x\r\ndata: y\r\n\r\ndata: z\n\nevent: end\ndata:\n\n";
    const url = await serve((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const [...characters] = text;
      const next = () => {
        const character = characters.shift();
        if (character === undefined) response.end();
        else {
          response.write(character);
          setImmediate(next);
        }
      };
      next();
    });
    const { messages } = await collect(url);
    expect(messages).toEqual([
      { id: "1", event: "a", data: "{}" },
      { id: "2", event: "b", data: "x\ny" },
      { id: undefined, event: "message", data: "z" },
      { id: undefined, event: "end", data: "" },
    ]);
  });

  test("A message without an id leaves the cursor where it was", async () => {
    const cursors: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      cursors.push(request.headers["last-event-id"] as string | undefined);
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(cursors.length === 1 ? "id: 7\ndata: 1\n\ndata: 2\n\n" : "event: end\ndata: 3\n\n");
    });
    await collect(url);
    expect(cursors).toEqual([undefined, "7"]);
  });

  test("A message without an end is given up, and not asked for again", async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked += 1;
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(`id: 1\ndata: {}\n\ndata: ${"x".repeat(17 * 1024 * 1024)}`);
    });
    const { messages, states } = await collect(url);
    expect(messages.map(({ data }) => data)).toEqual(["{}"]);
    expect([asked, states]).toEqual([1, ["connecting", "live", "closed"]]);
  });
});
