import { AppError } from "@/lib/domain/error";
import { linger, readerOf } from "./linger";

const MAX_DEPTH = 100;

function tooLarge(maxBytes: number): AppError {
  return new AppError("TooLarge", `The request's body is larger than ${String(maxBytes)} bytes.`, {
    maxBytes,
  });
}

/** The whole body, never holding more than `maxBytes` of it. Throws TooLarge. */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const reader = readerOf(request);
  if (!reader) return new Uint8Array();
  const refuse = () => {
    void linger(reader);
    return tooLarge(maxBytes);
  };
  if (Number(request.headers.get("content-length") ?? "0") > maxBytes) throw refuse();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    size += value.byteLength;
    if (size > maxBytes) throw refuse();
    chunks.push(value);
  }
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (quoted) {
      if (character === "\\") index++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "{" || character === "[") deepest = Math.max(deepest, ++depth);
    else if (character === "}" || character === "]") depth--;
  }
  return deepest;
}

/** Decodes UTF-8 strictly. Throws InvalidRequest. */
function decodeBody(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new AppError("InvalidRequest", "The request's body is not UTF-8 text.", undefined, { cause });
  }
}

/** The body as JSON; an empty one is an empty object. Throws InvalidRequest. */
export function jsonOf(bytes: Uint8Array): unknown {
  // Some clients put a byte order mark before what they send.
  const text = decodeBody(bytes).replace(/^\ufeff/, "");
  if (text.trim() === "") return {};
  if (depthOf(text) > MAX_DEPTH)
    throw new AppError("InvalidRequest", `The JSON is nested deeper than ${String(MAX_DEPTH)} levels.`);
  // No database column takes it, and no text needs it.
  if (/(?:^|[^\\])(?:\\\\)*\\u0000/.test(text))
    throw new AppError("InvalidRequest", "The JSON contains a NUL character (\\u0000). Remove it.");
  // A schema of free fields would drop it without a word.
  if (/"__proto__"\s*:/.test(text.replace(/\\u005f/gi, "_")))
    throw new AppError("InvalidRequest", "The JSON has a field __proto__. Give it another name.");
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? ` (${cause.message.slice(0, 200)})` : "";
    throw new AppError("InvalidRequest", `The request's body is not JSON${reason}.`, undefined, { cause });
  }
}
