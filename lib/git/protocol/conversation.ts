import { AppError } from "@/lib/domain/error";
import type { GitTransport } from "../transport/transport";
import { readAdvertisement, type UploadFeatures } from "./advertisement";
import { fetchOldPack } from "./fetch-v0";
import type { AnswerLimits } from "./pack-collector";
import { ProtocolError } from "./pkt-line";
import { type AdvertisedRef, RemoteError } from "./lines";
import { fetchPack, type FetchRequest, lsRefs } from "./upload-pack";
import type { Oid } from "@/lib/domain/workspace";

/** What is known of the server's protocol from earlier conversations. */
export interface ProtocolMemory {
  /** What it offers; undefined: it was not asked yet. */
  upload: UploadFeatures | undefined;
  /** It was found by a redirect, which only the question what it offers follows. */
  hasMoved?: boolean;
}

/**
 * Reading from a git server, in version 2 of the protocol or, where the server knows no better, in version 0. It is
 * asked first what it offers, and nothing else is asked of it.
 */
export class Conversation {
  /** Commits whose parents did not come. */
  readonly #shallow = new Set<Oid>();
  /** False while what is known of the server comes from an earlier conversation. */
  #isAsked = false;

  constructor(
    private readonly transport: GitTransport,
    private readonly memory: ProtocolMemory,
    private readonly limits: { refs: number; bytes: number },
  ) {}

  /** What the server offers; known once refs were read. */
  get features(): UploadFeatures | undefined {
    return this.memory.upload;
  }

  get shallow(): readonly Oid[] {
    return [...this.#shallow];
  }

  /**
   * The refs below these prefixes. `others` may know them as well, where the server was just asked what it offers
   * and has not told them with it.
   */
  async refs(
    prefixes: readonly string[],
    others?: () => Promise<Map<string, AdvertisedRef> | null>,
  ): Promise<Map<string, AdvertisedRef>> {
    const isFound = !this.memory.hasMoved || this.#isAsked;
    if (this.memory.upload?.version === 2 && isFound) {
      try {
        return await lsRefs(this.transport, prefixes, this.memory.upload, this.limits);
      } catch (error) {
        if (this.#isAsked || !mayBeOutdated(error)) throw error;
      }
    }
    const found = await this.#ask();
    if (found.version === 2) {
      return (await others?.()) ?? lsRefs(this.transport, prefixes, found.features, this.limits);
    }
    const wanted = [...found.refs].filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)));
    return new Map(wanted);
  }

  /** The pack that answers a fetch, whole. */
  async fetch(request: FetchRequest, limits: AnswerLimits): Promise<Buffer> {
    const { shallow, unshallow, bytes } = await this.#fetch(request, limits);
    for (const oid of shallow) this.#shallow.add(oid);
    for (const oid of unshallow) this.#shallow.delete(oid);
    return bytes;
  }

  /** After a request that failed: whether the server offers other things than it did in an earlier conversation. */
  async isOutdated(error: unknown): Promise<boolean> {
    if (this.#isAsked || !mayBeOutdated(error)) return false;
    const before = JSON.stringify(this.memory.upload);
    const { features } = await this.#ask();
    return JSON.stringify(features) !== before;
  }

  async #fetch(request: FetchRequest, limits: AnswerLimits) {
    const features = this.memory.upload ?? (await this.#ask()).features;
    const fetch = features.version === 2 ? fetchPack : fetchOldPack;
    return fetch(this.transport, request, features, limits);
  }

  async #ask() {
    const found = await readAdvertisement(this.transport, this.limits, true);
    this.#isAsked = true;
    this.memory.upload = found.features;
    this.memory.hasMoved = this.transport.movedTo !== undefined;
    return found;
  }
}

/** An answer that is not what was asked for, as against a remote that cannot be reached. */
function isRefusal(error: unknown): error is Error {
  return error instanceof RemoteError || error instanceof ProtocolError;
}

/**
 * A server that no longer knows what it offered may say so, answer nonsense or a status, or just hang up. One that moved
 * tells its new address to whoever asks what it offers.
 */
function mayBeOutdated(error: unknown): boolean {
  if (isRefusal(error)) return true;
  if (!(error instanceof AppError)) return false;
  const { status, reason } = error.details ?? {};
  if (typeof status === "number") return ![401, 403, 413, 429].includes(status);
  return error.code === "RemoteUnreachable" && reason !== "timeout";
}
