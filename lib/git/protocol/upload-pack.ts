import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import type { GitTransport } from "../transport/transport";
import type { UploadFeatures } from "./advertisement";
import { type AdvertisedRef, lineOf, readRef, RemoteError, throwIfError } from "./lines";
import { DELIM, FLUSH, type Packet, pktLine, ProtocolError, readPackets } from "./pkt-line";
import { type AnswerLimits, PackCollector } from "./pack-collector";
import { remoteText } from "./remote-text";

const TALK_BYTES = 16 * 1024 * 1024;
export const AGENT = "agent=git/switchyard";

export interface FetchRequest {
  wants: readonly Oid[];
  haves?: readonly Oid[];
  /** Everything of those commits is here, so that deltas may build on it. */
  thin?: boolean;
  /** Commits whose parents we lack. */
  shallow?: readonly Oid[];
  depth?: number;
  filter?: string | undefined;
}

/** A pack, and how the edge of what is here moved with it. */
export interface FetchedPack {
  bytes: Buffer;
  /** Commits whose parents did not come. */
  shallow: Oid[];
  /** Commits of which the parents are here now. */
  unshallow: Oid[];
}

/** The refs below these prefixes. */
export async function lsRefs(
  transport: GitTransport,
  prefixes: readonly string[],
  features: UploadFeatures,
  limits: { refs: number; bytes: number },
): Promise<Map<string, AdvertisedRef>> {
  const body = command("ls-refs", features, ["peel", ...prefixes.map((prefix) => `ref-prefix ${prefix}`)]);
  const stream = transport.exchange({
    service: "git-upload-pack",
    body: [body],
    version2: true,
    maxBytes: limits.bytes,
    current: true,
  });
  const refs = new Map<string, AdvertisedRef>();
  let ended = false;
  for await (const packet of readPackets(stream)) {
    // Whatever a server says after the end of its answer is none.
    if (ended) throw new ProtocolError("it goes on after its end");
    if (packet.kind === "flush") ended = true;
    if (packet.kind !== "data") continue;
    const line = lineOf(packet.bytes);
    throwIfError(line);
    if (line.startsWith("unborn ")) continue;
    const { oid, name, attributes } = readRef(line);
    const peeled = /(?:^| )peeled:([0-9a-f]{40})(?: |$)/.exec(attributes)?.[1] ?? oid;
    // Prefixes are a wish: a server may list everything it has.
    const isWanted = prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix));
    if (isWanted) refs.set(name, { oid, peeled: peeled as Oid });
    if (refs.size > limits.refs) {
      throw new AppError("TooLarge", `The repository has more than ${String(limits.refs)} refs here.`);
    }
  }
  if (!ended) throw new ProtocolError("the list of refs is cut");
  return refs;
}

/** The pack that answers a fetch, whole. What the server does not offer is left out of the request. */
export async function fetchPack(
  transport: GitTransport,
  request: FetchRequest,
  features: UploadFeatures,
  limits: AnswerLimits,
): Promise<FetchedPack> {
  const shallow = features.shallow ? (request.shallow ?? []) : [];
  const deepens = features.shallow && request.depth !== undefined;
  const body = command("fetch", features, [
    "ofs-delta",
    "no-progress",
    ...(request.thin && request.haves?.length ? ["thin-pack"] : []),
    ...(features.filter && request.filter !== undefined ? [`filter ${request.filter}`] : []),
    ...shallow.map((oid) => `shallow ${oid}`),
    ...(deepens ? [`deepen ${String(request.depth)}`] : []),
    ...request.wants.map((oid) => `want ${oid}`),
    ...(request.haves ?? []).map((oid) => `have ${oid}`),
    "done",
  ]);
  const maxBytes = limits.pack.packBytes;
  const stream = transport.exchange({ service: "git-upload-pack", body: [body], version2: true, maxBytes });
  return collectPack(readPackets(stream), limits);
}

async function collectPack(packets: AsyncIterable<Packet>, limits: AnswerLimits): Promise<FetchedPack> {
  const pack = new PackCollector(limits);
  const talk = new Talk();
  const edge = newEdge();
  let section: string | null = null;
  let ended = false;
  for await (const packet of packets) {
    if (packet.kind === "delim") section = null;
    if (ended) throw new ProtocolError("it goes on after its end");
    if (packet.kind === "flush") ended = true;
    if (packet.kind !== "data") continue;
    if (section === "packfile") {
      const band = packet.bytes[0];
      if (band === 1) pack.add(packet.bytes.subarray(1));
      else if (band === 3) throw new RemoteError(remoteText(packet.bytes.subarray(1)));
      else if (band !== 2) throw new ProtocolError("an unknown side band");
      else talk.add(packet.bytes);
      continue;
    }
    talk.add(packet.bytes);
    const line = lineOf(packet.bytes);
    throwIfError(line);
    if (section === "shallow-info") readEdge(line, edge);
    section ??= line;
  }
  if (!ended || section !== "packfile") throw new ProtocolError("the pack is cut");
  return { ...edge, bytes: pack.bytes() };
}

/** What a server says around a pack: lines before it, progress that nobody asked for. */
export class Talk {
  #bytes = 0;

  /** Throws TooLarge for one who does not stop. */
  add(bytes: Buffer): void {
    this.#bytes += bytes.length;
    if (this.#bytes <= TALK_BYTES) return;
    throw new AppError("TooLarge", "The remote keeps sending messages but no objects. Check its log.", {
      limit: TALK_BYTES,
    });
  }
}

export function newEdge(): Pick<FetchedPack, "shallow" | "unshallow"> {
  return { shallow: [], unshallow: [] };
}

/** True for a line that tells how the edge of history moved. */
export function readEdge(line: string, edge: Pick<FetchedPack, "shallow" | "unshallow">): boolean {
  const [, word, oid] = /^(shallow|unshallow) ([0-9a-f]{40})$/.exec(line) ?? [];
  if (word === "shallow") edge.shallow.push(oid as Oid);
  else if (word === "unshallow") edge.unshallow.push(oid as Oid);
  return word !== undefined;
}

function command(name: string, features: UploadFeatures, lines: readonly string[]): Buffer {
  return Buffer.concat([
    pktLine(`command=${name}\n`),
    ...(features.agent ? [pktLine(`${AGENT}\n`)] : []),
    ...(features.objectFormat ? [pktLine("object-format=sha1\n")] : []),
    DELIM,
    ...lines.map((line) => pktLine(`${line}\n`)),
    FLUSH,
  ]);
}
