import { promisify } from "node:util";
import zlib, { type InputType, type ZlibOptions } from "node:zlib";
import { damaged } from "./format";

const ASYNC_ABOVE = 512 * 1024;
// Inflating hands over at most this much input at first, so that a small object does not keep a view of everything.
const GUESS = 64 * 1024;

/** With `info`, zlib answers how much of its input it used. The types do not know that. */
interface Informed {
  buffer: Buffer;
  engine: { bytesWritten: number };
}
const inflateSync = zlib.inflateSync as unknown as (
  input: InputType,
  options: ZlibOptions & { info: true },
) => Informed;
const inflateAsync = promisify(zlib.inflate) as unknown as (
  input: InputType,
  options: ZlibOptions & { info: true },
) => Promise<Informed>;

/** Inflates the stream at an offset, which must give exactly `size` bytes; answers how long it was. */
export async function inflateAt(
  bytes: Buffer,
  start: number,
  end: number,
  size: number,
): Promise<{ bytes: Buffer; consumed: number }> {
  // One byte more than announced is enough to see that a stream is longer than it said.
  const options = { info: true, maxOutputLength: size + 1, chunkSize: chunkSize(size + 1) } as const;
  // Compressed data is hardly ever longer than what it holds; when it is, the whole rest is tried.
  const guess = Math.min(end, start + Math.max(GUESS, size * 2));
  for (const limit of guess < end ? [guess, end] : [end]) {
    const input = bytes.subarray(start, limit);
    try {
      const result = size > ASYNC_ABOVE ? await inflateAsync(input, options) : inflateSync(input, options);
      if (result.buffer.length !== size) throw damaged("an object of another size than announced");
      return { bytes: result.buffer, consumed: result.engine.bytesWritten };
    } catch (error) {
      if (limit < end && isCode(error, "Z_BUF_ERROR")) continue;
      if (error instanceof Error && "code" in error && typeof error.code === "string") {
        if (/^(Z_|ERR_BUFFER_TOO_LARGE)/.test(error.code)) throw damaged("data that cannot be inflated");
      }
      throw error;
    }
  }
  throw damaged("data that cannot be inflated");
}

/** Inflates a stream that was checked before; `hint` is about how long it becomes. */
export function inflateKnown(bytes: Buffer, start: number, hint: number): Buffer {
  return zlib.inflateSync(bytes.subarray(start), { chunkSize: chunkSize(hint) });
}

function chunkSize(size: number): number {
  return Math.min(Math.max(size, 64), 64 * 1024);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
