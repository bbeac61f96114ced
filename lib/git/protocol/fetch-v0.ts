import type { GitTransport } from "../transport/transport";
import type { UploadFeatures } from "./advertisement";
import { FLUSH, PACK_START, type Packet, pktLine, ProtocolError, readPackets } from "./pkt-line";
import { type AnswerLimits, PackCollector } from "./pack-collector";
import { remoteText } from "./remote-text";
import { lineOf, RemoteError, throwIfError } from "./lines";
import { AGENT, type FetchedPack, type FetchRequest, newEdge, readEdge, Talk } from "./upload-pack";

/** Fetches by version 0 of the protocol, all in one request. */
export async function fetchOldPack(
  transport: GitTransport,
  request: FetchRequest,
  features: UploadFeatures,
  limits: AnswerLimits,
): Promise<FetchedPack> {
  const deepens = features.shallow && request.depth !== undefined;
  const filter = features.filter ? request.filter : undefined;
  const capabilities = [
    // Some servers answer no client that does not say it, whether or not it tells what it has.
    ...(features.multiAck ? [features.multiAck] : []),
    ...(features.sideBand ? [features.sideBand] : []),
    ...(features.noProgress ? ["no-progress"] : []),
    ...(features.ofsDelta ? ["ofs-delta"] : []),
    // Some servers demand it, as git always says it; without haves it means nothing.
    ...(features.thinPack && (request.thin || !request.haves?.length) ? ["thin-pack"] : []),
    ...(filter === undefined ? [] : ["filter"]),
    ...(features.objectFormat ? ["object-format=sha1"] : []),
    ...(features.agent ? [AGENT] : []),
  ].join(" ");
  const line = (text: string) => pktLine(`${text}\n`);
  const body = Buffer.concat([
    ...request.wants.map((oid, index) =>
      line(`want ${oid}${index === 0 && capabilities ? ` ${capabilities}` : ""}`),
    ),
    ...(features.shallow ? (request.shallow ?? []).map((oid) => line(`shallow ${oid}`)) : []),
    ...(deepens ? [line(`deepen ${String(request.depth)}`)] : []),
    ...(filter === undefined ? [] : [line(`filter ${filter}`)]),
    FLUSH,
    ...(request.haves ?? []).map((oid) => line(`have ${oid}`)),
    line("done"),
  ]);
  const maxBytes = limits.pack.packBytes;
  const stream = transport.exchange({ service: "git-upload-pack", body: [body], version2: false, maxBytes });
  return features.sideBand
    ? readBands(readPackets(stream), limits)
    : readPlain(readPackets(stream, PACK_START), limits);
}

/** What comes before the pack: the edge of history, and what both sides have. */
function readLine(bytes: Buffer, edge: Parameters<typeof readEdge>[1]): void {
  const line = lineOf(bytes);
  throwIfError(line);
  if (readEdge(line, edge)) return;
  if (!/^(NAK|ACK [0-9a-f]{40}( continue| common| ready)?)$/.test(line))
    throw new ProtocolError("an unknown answer");
}

async function readBands(packets: AsyncIterable<Packet>, limits: AnswerLimits): Promise<FetchedPack> {
  const pack = new PackCollector(limits);
  const talk = new Talk();
  const edge = newEdge();
  let isPack = false;
  let ended = false;
  for await (const packet of packets) {
    if (ended) throw new ProtocolError("it goes on after its end");
    if (packet.kind === "flush") ended = isPack;
    if (packet.kind !== "data") continue;
    const band = packet.bytes[0];
    if (band === 1 || band === 2 || band === 3) {
      isPack = true;
      if (band === 1) pack.add(packet.bytes.subarray(1));
      if (band === 2) talk.add(packet.bytes);
      if (band === 3) throw new RemoteError(remoteText(packet.bytes.subarray(1)));
    } else {
      talk.add(packet.bytes);
      readLine(packet.bytes, edge);
    }
  }
  if (!ended) throw new ProtocolError("the pack is cut");
  return { ...edge, bytes: pack.bytes() };
}

/** Without side bands the pack follows the lines as it is, to the end of the answer. */
async function readPlain(packets: AsyncIterable<Packet>, limits: AnswerLimits): Promise<FetchedPack> {
  const pack = new PackCollector(limits);
  const talk = new Talk();
  const edge = newEdge();
  for await (const packet of packets) {
    if (packet.kind === "raw") pack.add(packet.bytes);
    else if (packet.kind === "data") {
      talk.add(packet.bytes);
      readLine(packet.bytes, edge);
    }
  }
  if (pack.isEmpty) throw new ProtocolError("the pack is cut");
  return { ...edge, bytes: pack.bytes() };
}
