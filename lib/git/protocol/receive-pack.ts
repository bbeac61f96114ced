import type { Oid } from "@/lib/domain/workspace";
import type { GitTransport } from "../transport/transport";
import { FLUSH, type Packet, pktLine, ProtocolError, readPackets } from "./pkt-line";
import { remoteText, Said } from "./remote-text";
import { AGENT, lineOf, otherHash, RemoteError, throwIfError } from "./upload-pack";

const ZERO = "0".repeat(40);

/** What a server accepts with a push. */
export interface PushFeatures {
  atomic: boolean;
  reportStatus: boolean;
  sideBand: boolean;
  ofsDelta: boolean;
  thin: boolean;
  objectFormat: boolean;
  agent: boolean;
  /** Its report can be believed; other programs are known to say `ok` of a ref that they did not move. */
  isTruthful: boolean;
}

/** One ref as the server holds it (null: not there) and what it becomes. */
export interface PushCommand {
  ref: string;
  old: Oid | null;
  next: Oid;
}

export interface PushReport {
  /** The pack was refused as a whole, and why. */
  unpackError: string | null;
  /** By ref; null: accepted. Empty when the server reports nothing. */
  results: Map<string, string | null>;
  /** What hooks printed. */
  messages: string;
  reported: boolean;
}

/** What the server accepts; its refs are not read. */
export async function readPushFeatures(transport: GitTransport, maxBytes: number): Promise<PushFeatures> {
  const stream = transport.exchange({
    service: "git-receive-pack",
    body: null,
    version2: false,
    maxBytes,
  });
  for await (const packet of readPackets(stream)) {
    if (packet.kind !== "data") continue;
    const line = lineOf(packet.bytes);
    if (line.startsWith("# service=")) continue;
    throwIfError(line);
    if (line === "version 1") continue;
    const separator = line.indexOf("\0");
    if (separator < 0) throw new ProtocolError("an advertisement without capabilities");
    const offered = new Set(line.slice(separator + 1).split(" "));
    if ([...offered].some((item) => item.startsWith("object-format=") && item !== "object-format=sha1")) {
      throw otherHash();
    }
    return {
      atomic: offered.has("atomic"),
      reportStatus: offered.has("report-status"),
      sideBand: offered.has("side-band-64k"),
      ofsDelta: offered.has("ofs-delta"),
      thin: !offered.has("no-thin"),
      objectFormat: offered.has("object-format=sha1"),
      agent: [...offered].some((item) => item.startsWith("agent=")),
      isTruthful: [...offered].some((item) => /^agent=(git|JGit)\//.test(item)),
    };
  }
  throw new ProtocolError("no advertisement");
}

/** Sends commands and a pack in one request; answers what became of each ref. */
export async function sendPack(
  transport: GitTransport,
  commands: readonly PushCommand[],
  pack: readonly Buffer[],
  features: PushFeatures,
  maxBytes: number,
): Promise<PushReport> {
  const capabilities = [
    ...(features.reportStatus ? ["report-status"] : []),
    ...(features.sideBand ? ["side-band-64k"] : []),
    ...(features.atomic ? ["atomic"] : []),
    ...(features.ofsDelta ? ["ofs-delta"] : []),
    ...(features.objectFormat ? ["object-format=sha1"] : []),
    ...(features.agent ? [AGENT] : []),
  ].join(" ");
  const lines = commands.map(({ ref, old, next }, index) =>
    pktLine(`${old ?? ZERO} ${next} ${ref}${index === 0 ? `\0 ${capabilities}` : ""}\n`),
  );
  const stream = transport.exchange({
    service: "git-receive-pack",
    body: [...lines, FLUSH, ...pack],
    version2: false,
    maxBytes,
    fresh: true,
  });
  const said = new Said();
  const report: PushReport = { unpackError: null, results: new Map(), messages: "", reported: false };
  const packets = readPackets(stream);
  for await (const packet of features.sideBand ? readPackets(band(packets, said)) : packets) {
    if (packet.kind === "data") readStatus(lineOf(packet.bytes), report);
  }
  return { ...report, messages: remoteText(said.bytes()) };
}

function readStatus(line: string, report: PushReport): void {
  throwIfError(line);
  report.reported = true;
  const [, word, rest = ""] = /^(\S+) ?(.*)$/s.exec(line) ?? [];
  if (word === "unpack") report.unpackError = rest === "ok" ? null : remoteText(rest);
  else if (word === "ok") report.results.set(rest, null);
  else if (word === "ng") {
    const [ref = rest, ...reason] = rest.split(" ");
    report.results.set(ref, remoteText(reason.join(" ")) || "refused");
  } else throw new ProtocolError("an unknown push status");
}

/** The first side band; the second is kept as text, the third ends the push. */
async function* band(packets: AsyncIterable<Packet>, said: Said): AsyncGenerator<Buffer, void, undefined> {
  for await (const packet of packets) {
    if (packet.kind !== "data" || packet.bytes.length === 0) continue;
    const content = packet.bytes.subarray(1);
    if (packet.bytes[0] === 1) yield content;
    else if (packet.bytes[0] === 2) said.add(content);
    else {
      throwIfError(lineOf(packet.bytes));
      throw new RemoteError(remoteText(content));
    }
  }
}
