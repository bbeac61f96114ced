import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { linger, readerOf } from "./linger";
import { readBytes } from "./read-body";
import { receiveArchive } from "./upload";

const PIECE = 64 * 1024;

/** A body that never ends, and what became of it. */
function endless(head: Uint8Array = new Uint8Array()) {
  const seen = { bytes: 0, isCancelled: false };
  const pieces = [head];
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces.pop() ?? new Uint8Array(PIECE);
      seen.bytes += piece.byteLength;
      controller.enqueue(piece);
    },
    cancel() {
      seen.isCancelled = true;
    },
  });
  const request = (headers: Record<string, string> = {}) =>
    new Request("http://localhost/", { method: "POST", body, duplex: "half", headers } as RequestInit);
  return { seen, request };
}

const BOUNDARY = "edge";
const HEAD = Buffer.from(
  `--${BOUNDARY}\r\ncontent-disposition: form-data; name="archive"; filename="a.zip"\r\n\r\n`,
);
const FORM = { "content-type": `multipart/form-data; boundary=${BOUNDARY}` };

test("Of a body that is refused a bounded rest is taken, then the connection is closed", async () => {
  const { seen, request } = endless();
  const reader = readerOf(request());
  if (!reader) throw new Error("There is no body.");
  await linger(reader, { maxBytes: 10 * PIECE });
  expect(seen.isCancelled).toBe(true);
  expect(seen.bytes).toBeLessThanOrEqual(13 * PIECE);
});

test.each([
  ["a body", (request: Request) => readBytes(request, 2 * PIECE), {}, new Uint8Array()],
  [
    "a body that says its length",
    (request: Request) => readBytes(request, 2),
    { "content-length": "9" },
    HEAD,
  ],
  ["an archive", (request: Request) => receiveArchive(request, 2 * PIECE), FORM, HEAD],
])(
  "%s that goes on and on is refused at its limit, not at its end",
  async (_what, receive, headers, head) => {
    const { seen, request } = endless(head);
    await expect(receive(request(headers))).rejects.toMatchObject({ code: "TooLarge" });
    await expect.poll(() => seen.isCancelled, { timeout: 20_000 }).toBe(true);
    expect(seen.bytes).toBeLessThan(16 * 1024 * 1024);
  },
);

test("An archive's digest is that of its file, whatever the form around it", async () => {
  const content = Buffer.from("some bytes");
  const receive = async (boundary: string) => {
    const form = `--${boundary}\r\ncontent-disposition: form-data; name="archive"; filename="a"\r\n\r\n${content.toString()}\r\n--${boundary}--\r\n`;
    const headers = { "content-type": `multipart/form-data; boundary=${boundary}` };
    const archive = await receiveArchive(
      new Request("http://localhost/", { method: "POST", body: form, headers }),
      1000,
    );
    await archive.close();
    return archive.digest;
  };
  const expected = createHash("sha256").update(content).digest("hex");
  expect([await receive("one"), await receive("another-boundary")]).toEqual([expected, expected]);
});
