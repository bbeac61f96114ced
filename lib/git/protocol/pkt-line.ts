import { AppError } from "@/lib/domain/error";

export const FLUSH = Buffer.from("0000");
export const DELIM = Buffer.from("0001");

/** How a pack begins, which no packet does. */
export const PACK_START = "PACK";

/** Packets so small that reading them costs more than what they hold, and how many of them an answer may have. */
const SMALL_PACKET = 512;
const MOST_SMALL_PACKETS = 400_000;

export type Packet =
  /** `raw`: what follows the packets and is none itself. */
  { kind: "data" | "raw"; bytes: Buffer } | { kind: "flush" } | { kind: "delim" } | { kind: "response-end" };

/** One line as git frames it: four hex digits of length, then the bytes. */
export function pktLine(content: string | Buffer): Buffer {
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
  if (bytes.length > 65516) throw new RangeError("A packet holds at most 65516 bytes.");
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, "0"), "latin1"), bytes]);
}

/** What does not follow git's protocol: another program answers, or the answer was cut. */
export class ProtocolError extends AppError {
  constructor(what: string) {
    super(
      "RemoteUnreachable",
      `The remote's response is not in git's protocol (${what}). Check that the URL is the address of a git repository.`,
    );
  }
}

/**
 * Splits a stream into packets; from `rawFrom` on, where that is given, it is no longer packets.
 * Throws ProtocolError on a wrong length or a cut stream.
 */
export async function* readPackets(
  stream: AsyncIterable<Buffer>,
  rawFrom?: string,
): AsyncGenerator<Packet, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  let pieces: Buffer[] = [];
  let pending = 0;
  let isRaw = false;
  let small = 0;
  for await (const chunk of stream) {
    if (isRaw) {
      yield { kind: "raw", bytes: chunk };
      continue;
    }
    pieces.push(chunk);
    pending += chunk.length;
    // Pieces are joined only when the packet that waits for them is whole: a drip of single bytes stays linear.
    if (rest.length + pending < wanted(rest)) continue;
    rest = Buffer.concat([rest, ...pieces]);
    pieces = [];
    pending = 0;
    let at = 0;
    while (rest.length - at >= 4) {
      if (rawFrom !== undefined && rest.toString("latin1", at, at + rawFrom.length) === rawFrom) {
        isRaw = true;
        yield { kind: "raw", bytes: rest.subarray(at) };
        at = rest.length;
        break;
      }
      const length = packetLength(rest, at);
      if (length < SMALL_PACKET && ++small > MOST_SMALL_PACKETS) throw tooManyPackets();
      if (length >= 4) {
        if (rest.length - at < length) break;
        yield { kind: "data", bytes: rest.subarray(at + 4, at + length) };
        at += length;
      } else {
        yield { kind: length === 0 ? "flush" : length === 1 ? "delim" : "response-end" };
        at += 4;
      }
    }
    rest = rest.subarray(at);
  }
  if (rest.length + pending > 0) throw new ProtocolError("it ends in the middle of a packet");
}

function tooManyPackets(): AppError {
  return new AppError(
    "TooLarge",
    `The remote's response has more than ${String(MOST_SMALL_PACKETS)} small packets. Check its log.`,
    { limit: MOST_SMALL_PACKETS },
  );
}

function wanted(rest: Buffer): number {
  return rest.length < 4 ? 4 : Math.max(4, packetLength(rest, 0));
}

function packetLength(bytes: Buffer, at: number): number {
  const digits = bytes.toString("latin1", at, at + 4);
  const length = /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
  if (length < 0 || length === 3) throw new ProtocolError("a packet with a wrong length");
  return length;
}
