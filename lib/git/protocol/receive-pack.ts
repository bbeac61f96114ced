import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import type { GitTransport } from "../transport/transport";
import { FLUSH, type Packet, pktLine, ProtocolError, readPackets } from "./pkt-line";
import { remoteText, Said } from "./remote-text";
import { lineOf, otherHash, readRef, RemoteError, throwIfError } from "./lines";
import { AGENT } from "./upload-pack";

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
  for await (const { features } of advertised(transport, maxBytes)) return features;
  throw new ProtocolError("no advertisement");
}

/** What the server accepts and all refs that it may be asked to move; a tag is not followed to its commit. */
export async function readPushRefs(
  transport: GitTransport,
  limits: { refs: number; bytes: number },
): Promise<{ features: PushFeatures; refs: Map<string, Oid> }> {
  const refs = new Map<string, Oid>();
  let found: PushFeatures | undefined;
  for await (const { features, ref } of advertised(transport, limits.bytes)) {
    found = features;
    const { name, oid } = readRef(ref);
    if (name.startsWith("refs/")) refs.set(name, oid);
    if (refs.size > limits.refs) {
      throw new AppError("TooLarge", `The repository has more than ${String(limits.refs)} refs.`);
    }
  }
  if (!found) throw new ProtocolError("no advertisement");
  return { features: found, refs };
}

async function* advertised(
  transport: GitTransport,
  maxBytes: number,
): AsyncGenerator<{ features: PushFeatures; ref: string }, void, undefined> {
  const service = "git-receive-pack";
  let features: PushFeatures | undefined;
  for await (const packet of readPackets(
    transport.exchange({ service, body: null, version2: false, maxBytes }),
  )) {
    if (packet.kind !== "data") continue;
    const line = lineOf(packet.bytes);
    throwIfError(line);
    if (line.startsWith("# service=") || line === "version 1" || line.startsWith("shallow ")) continue;
    const [ref = "", capabilities] = line.split("\0");
    if (!features && capabilities === undefined)
      throw new ProtocolError("an advertisement without capabilities");
    features ??= readFeatures(capabilities ?? "");
    yield { features, ref };
  }
}

function readFeatures(capabilities: string): PushFeatures {
  const offered = new Set(capabilities.split(" "));
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
