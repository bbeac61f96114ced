import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import type { GitTransport } from "../transport/transport";
import { type OldFeatures, readAdvertisement } from "./advertisement";
import { fetchOldPack } from "./fetch-v0";
import { ProtocolError } from "./pkt-line";
import { type AdvertisedRef, fetchPack, type FetchRequest, lsRefs, RemoteError } from "./upload-pack";

/** What is known of the server's protocol from earlier conversations. */
export interface ProtocolMemory {
  /** Null: version 2, or not known. */
  old: OldFeatures | null;
}

/** Reading from a git server, in version 2 of the protocol or, where the server knows no better, in version 0. */
export class Conversation {
  /** Commits whose parents did not come, as far as an old server told. */
  readonly #shallow = new Set<Oid>();

  constructor(
    private readonly transport: GitTransport,
    private readonly memory: ProtocolMemory,
    private readonly limits: { refs: number; bytes: number },
  ) {}

  /** Null for a server of version 2. */
  get old(): OldFeatures | null {
    return this.memory.old;
  }

  get shallow(): readonly Oid[] {
    return [...this.#shallow];
  }

  /** The refs below these prefixes. */
  async refs(prefixes: readonly string[]): Promise<Map<string, AdvertisedRef>> {
    const isOld = this.memory.old !== null;
    if (!isOld) {
      try {
        return await lsRefs(this.transport, prefixes, this.limits);
      } catch (error) {
        // A server that did not understand is asked what it speaks.
        if (!isRefusal(error) && !isServerError(error)) throw error;
        const { movedTo } = this.transport;
        const found = await this.#oldRefs(prefixes, true);
        if (found) return found;
        // Some hosts redirect the discovery alone, and have nothing else at the old address.
        if (this.transport.movedTo !== movedTo) return lsRefs(this.transport, prefixes, this.limits);
        throw error;
      }
    }
    const found = await this.#oldRefs(prefixes, false);
    if (found) return found;
    this.memory.old = null;
    return this.refs(prefixes);
  }

  /** The pack that answers a fetch, whole. */
  async fetch(request: FetchRequest, maxBytes: number): Promise<Buffer> {
    const { old } = this.memory;
    if (!old) return fetchPack(this.transport, request, maxBytes);
    const { bytes, shallow, unshallow } = await fetchOldPack(this.transport, request, old, maxBytes);
    for (const oid of shallow) this.#shallow.add(oid);
    for (const oid of unshallow) this.#shallow.delete(oid);
    return bytes;
  }

  /** Whether contents can be left out of a fetch. */
  async offersFilter(): Promise<boolean> {
    if (this.memory.old) return this.memory.old.filter;
    const found = await readAdvertisement(this.transport, this.limits, true);
    return found.version === 2 ? found.filter : found.features.filter;
  }

  /** All refs of an old server that the prefixes name; null when it is not old. */
  async #oldRefs(prefixes: readonly string[], version2: boolean): Promise<Map<string, AdvertisedRef> | null> {
    const found = await readAdvertisement(this.transport, this.limits, version2);
    if (found.version === 2) return null;
    this.memory.old = found.features;
    const wanted = [...found.refs].filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)));
    return new Map(wanted);
  }
}

/** An answer that is not what was asked for, as against a remote that cannot be reached. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof RemoteError || error instanceof ProtocolError;
}

/** Some servers answer a command that they do not know, or a path without `.git`, with an HTTP status. */
function isServerError(error: unknown): boolean {
  const status = error instanceof AppError ? error.details?.status : undefined;
  return typeof status === "number" && ([400, 404, 405, 410, 415].includes(status) || status >= 500);
}
