import type { Oid } from "@/lib/domain/workspace";
import type { GitTransport } from "../transport/transport";
import type { OldFeatures } from "./advertisement";
import { FLUSH, pktLine, ProtocolError, readPackets } from "./pkt-line";
import { remoteText } from "./remote-text";
import { type FetchRequest, lineOf, RemoteError, throwIfError } from "./upload-pack";

/** A pack, and how the edge of what is here moved with it. */
export interface FetchedPack {
  bytes: Buffer;
  /** Commits whose parents did not come. */
  shallow: Oid[];
  /** Commits of which the parents are here now. */
  unshallow: Oid[];
}

/** Fetches by version 0 of the protocol, all in one request. */
export async function fetchOldPack(
  transport: GitTransport,
  request: FetchRequest,
  features: OldFeatures,
  maxBytes: number,
): Promise<FetchedPack> {
  const deepens = features.shallow && request.depth !== undefined;
  const capabilities = [
    "side-band-64k",
    "no-progress",
    ...(features.ofsDelta ? ["ofs-delta"] : []),
    // Some servers demand it, as git always says it; without haves it means nothing.
    ...(features.thinPack ? ["thin-pack"] : []),
    ...(request.filter === undefined ? [] : ["filter"]),
    ...(features.objectFormat ? ["object-format=sha1"] : []),
    "agent=git/switchyard",
  ].join(" ");
  const line = (text: string) => pktLine(`${text}\n`);
  const body = Buffer.concat([
    ...request.wants.map((oid, index) => line(`want ${oid}${index === 0 ? ` ${capabilities}` : ""}`)),
    ...(features.shallow ? (request.shallow ?? []).map((oid) => line(`shallow ${oid}`)) : []),
    ...(deepens ? [line(`deepen ${String(request.depth)}`)] : []),
    ...(request.filter === undefined ? [] : [line(`filter ${request.filter}`)]),
    FLUSH,
    ...(request.haves ?? []).map((oid) => line(`have ${oid}`)),
    line("done"),
  ]);
  const stream = transport.exchange({ service: "git-upload-pack", body: [body], version2: false, maxBytes });
  return readAnswer(readPackets(stream));
}

async function readAnswer(packets: ReturnType<typeof readPackets>): Promise<FetchedPack> {
  const chunks: Buffer[] = [];
  const found: FetchedPack = { bytes: Buffer.alloc(0), shallow: [], unshallow: [] };
  let isPack = false;
  let ended = false;
  for await (const packet of packets) {
    if (packet.kind === "flush") ended = isPack;
    if (packet.kind !== "data") continue;
    const band = packet.bytes[0];
    if (band === 1 || band === 2 || band === 3) {
      isPack = true;
      if (band === 1) chunks.push(packet.bytes.subarray(1));
      if (band === 3) throw new RemoteError(remoteText(packet.bytes.subarray(1)));
      continue;
    }
    const line = lineOf(packet.bytes);
    throwIfError(line);
    const [, word, oid] = /^(shallow|unshallow) ([0-9a-f]{40})$/.exec(line) ?? [];
    if (word === "shallow") found.shallow.push(oid as Oid);
    else if (word === "unshallow") found.unshallow.push(oid as Oid);
    else if (!/^(NAK|ACK [0-9a-f]{40}.*)$/.test(line)) throw new ProtocolError("an unknown answer");
  }
  if (!ended) throw new ProtocolError("the pack is cut");
  return { ...found, bytes: Buffer.concat(chunks) };
}
