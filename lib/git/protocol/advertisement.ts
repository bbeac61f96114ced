import { AppError } from "@/lib/domain/error";
import type { GitTransport } from "../transport/transport";
import { type AdvertisedRef, lineOf, otherHash, readRef, throwIfError } from "./lines";
import { type Packet, ProtocolError, readPackets } from "./pkt-line";

/** What a server says it can do when it is asked for objects; nothing else is asked of it. */
export interface UploadFeatures {
  version: 0 | 2;
  filter: boolean;
  /** Gives any object that is asked for; else only what refs lead to. */
  anyObject: boolean;
  shallow: boolean;
  ofsDelta: boolean;
  thinPack: boolean;
  noProgress: boolean;
  /** How answers are kept apart from what is said meanwhile; null: they are not. */
  sideBand: "side-band-64k" | "side-band" | null;
  /** The richest way it knows to tell what both sides have; some servers refuse clients that name none. */
  multiAck: "multi_ack_detailed" | "multi_ack" | null;
  agent: boolean;
  objectFormat: boolean;
}

/** What a server says first: what it can do, and before version 2 all its refs. */
export type Advertisement =
  | { version: 2; features: UploadFeatures }
  | { version: 0; refs: Map<string, AdvertisedRef>; features: UploadFeatures };

const MOST_CAPABILITIES = 200;

/** Asks a server what it offers. */
export async function readAdvertisement(
  transport: GitTransport,
  limits: { refs: number; bytes: number },
  version2: boolean,
): Promise<Advertisement> {
  const stream = transport.exchange({
    service: "git-upload-pack",
    body: null,
    version2,
    maxBytes: limits.bytes,
  });
  const lines = linesOf(readPackets(stream));
  const first = await lines.next();
  // An empty repository has no ref to tell its capabilities with; some servers then say nothing at all.
  if (first.done) return { version: 0, refs: new Map(), features: readFeatures("") };
  if (first.value === "version 2") return { version: 2, features: await readCapabilities(lines) };
  return readRefs(first.value, lines, limits.refs);
}

async function* linesOf(packets: AsyncIterable<Packet>): AsyncGenerator<string, void, undefined> {
  let isOpen = true;
  for await (const packet of packets) {
    if (packet.kind === "flush") isOpen = false;
    if (packet.kind !== "data") continue;
    const line = lineOf(packet.bytes);
    // Over HTTP the service is named first, and a flush follows.
    isOpen = true;
    if (line.startsWith("# service=")) continue;
    if (line === "version 1") continue;
    throwIfError(line);
    yield line;
  }
  if (isOpen) throw new ProtocolError("no advertisement, or a cut one");
}

async function readCapabilities(lines: AsyncIterable<string>): Promise<UploadFeatures> {
  const found = new Map<string, string>();
  let lineCount = 0;
  for await (const line of lines) {
    const [, name = line, value = ""] = /^([^=]*)=(.*)$/.exec(line) ?? [];
    found.set(name, value);
    if (++lineCount > MOST_CAPABILITIES) throw new ProtocolError("capabilities without end");
  }
  const format = found.get("object-format");
  if (format !== undefined && format !== "sha1") throw otherHash();
  if (!found.has("ls-refs") || !found.has("fetch")) throw new ProtocolError("it lists or sends nothing");
  const fetch = new Set(found.get("fetch")?.split(" "));
  return {
    version: 2,
    filter: fetch.has("filter"),
    anyObject: true,
    shallow: fetch.has("shallow"),
    ofsDelta: true,
    thinPack: true,
    noProgress: true,
    sideBand: "side-band-64k",
    multiAck: null,
    agent: found.has("agent"),
    objectFormat: format !== undefined,
  };
}

async function readRefs(first: string, rest: AsyncIterable<string>, limit: number): Promise<Advertisement> {
  const refs = new Map<string, AdvertisedRef>();
  const [line = "", capabilities] = first.split("\0");
  if (capabilities === undefined) throw new ProtocolError("an advertisement without capabilities");
  const features = readFeatures(capabilities);
  addRef(refs, line);
  for await (const next of rest) {
    // The server's own repository may be a shallow clone.
    if (!next.startsWith("shallow ")) addRef(refs, next);
    if (refs.size > limit) {
      throw new AppError("TooLarge", `The repository has more than ${String(limit)} refs.`);
    }
  }
  return { version: 0, refs, features };
}

function addRef(refs: Map<string, AdvertisedRef>, line: string): void {
  const { oid, name } = readRef(line);
  if (name === "capabilities^{}") return;
  const tag = name.endsWith("^{}") ? refs.get(name.slice(0, -3)) : undefined;
  if (tag) tag.peeled = oid;
  else refs.set(name, { oid, peeled: oid });
}

function readFeatures(text: string): UploadFeatures {
  const offered = new Set(text.split(" "));
  const first = <T extends string>(...names: T[]) => names.find((name) => offered.has(name)) ?? null;
  const format = [...offered].find((item) => item.startsWith("object-format="));
  if (format !== undefined && format !== "object-format=sha1") throw otherHash();
  const anyObject = offered.has("allow-reachable-sha1-in-want") || offered.has("allow-any-sha1-in-want");
  return {
    version: 0,
    // Leaving contents out is of no use where they cannot be asked for later.
    filter: anyObject && offered.has("filter"),
    anyObject,
    shallow: offered.has("shallow"),
    ofsDelta: offered.has("ofs-delta"),
    thinPack: offered.has("thin-pack"),
    noProgress: offered.has("no-progress"),
    sideBand: first("side-band-64k", "side-band"),
    multiAck: first("multi_ack_detailed", "multi_ack"),
    agent: [...offered].some((item) => item.startsWith("agent=")),
    objectFormat: format !== undefined,
  };
}
