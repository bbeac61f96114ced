import type { Oid } from "@/lib/domain/workspace";
import { Pack } from "../../pack/pack-reader";
import { Conversation } from "../../protocol/conversation";
import { Deepening } from "../../protocol/deepen";
import { type AdvertisedRef, RemoteError } from "../../protocol/lines";
import type { FetchRequest } from "../../protocol/upload-pack";
import type { GitTransport } from "../../transport/transport";
import type { GitLimits } from "../limits";
import type { ObjectStore } from "../object-store";
import type { MemoryAccount } from "./memory-budget";
import type { RemoteMemory } from "./remote-memory";

/** Wants that a server may not have, one after the other, before no more of them are left out. */
const MOST_MISSING = 64;

export interface FetchingOptions {
  transport: GitTransport;
  store: ObjectStore;
  memory: RemoteMemory;
  limits: GitLimits;
  /** What packs take is taken from here. */
  memoryAccount: MemoryAccount;
  signal: AbortSignal;
}

/** Fetches into the store of a session as its server can: with what it offers, and without what it refuses. */
export class Fetching {
  readonly conversation: Conversation;
  readonly #deepening: Deepening;
  /** Commits of which everything is here, when the server cannot leave anything out. */
  readonly #whole = new Set<Oid>();

  constructor(
    private readonly options: FetchingOptions,
    private readonly refs: () => Iterable<AdvertisedRef>,
  ) {
    const { transport, memory, limits, store } = options;
    this.conversation = new Conversation(transport, memory, { refs: limits.refs, bytes: limits.refBytes });
    this.#deepening = new Deepening({
      has: (oid) => store.has(oid),
      tips: () => [...refs()].map(({ oid }) => oid),
      tipOf: (oid) => [...refs()].find(({ peeled }) => peeled === oid)?.oid,
      known: () => this.known(),
      fetch: (request) => this.#fetch(request),
    });
  }

  /** The refs were read again. */
  restart(): void {
    this.#deepening.restart();
  }

  /** What the server can leave out of an answer. */
  get filters(): "trees" | "blobs" | "none" {
    const { refusesTreeFilters, upload } = this.options.memory;
    if (!this.givesAnything || !upload?.filter) return "none";
    return refusesTreeFilters ? "blobs" : "trees";
  }

  /** False where refs alone can be asked for, and what they lead to. */
  get givesAnything(): boolean {
    const { givesTipsOnly, upload } = this.options.memory;
    return upload?.anyObject === true && !givesTipsOnly;
  }

  /** What may be told to be here: commits only, and only where nothing of them was left out. */
  known(): Pick<FetchRequest, "haves" | "shallow" | "thin"> {
    return { haves: [...this.#whole], shallow: this.conversation.shallow, thin: true };
  }

  /** Fetches trees and blobs that commits of the remote lead to. */
  async fetchExisting(oids: readonly Oid[], request: Omit<FetchRequest, "wants">): Promise<void> {
    const { store, memory } = this.options;
    await this.fetchPresent({ wants: oids, ...request });
    if (!this.givesAnything || oids.every((oid) => store.has(oid))) return;
    // It says that it does not have what it must have: it gives no single objects, whatever it offers.
    memory.givesTipsOnly = true;
    await this.#deepening.fetch(oids, undefined);
  }

  /** Fetches what the remote has of the wants; those that it says it does not have are left out. */
  async fetchPresent(request: FetchRequest): Promise<number> {
    if (!this.givesAnything) {
      await this.#deepening.fetch(request.wants, request.depth);
      return 0;
    }
    let wants = request.wants;
    for (let attempts = 0; attempts < MOST_MISSING && wants.length > 0; attempts++) {
      try {
        return await this.#fetch({ ...request, wants });
      } catch (error) {
        const missing = error instanceof RemoteError ? /\b[0-9a-f]{40}\b/.exec(error.said)?.[0] : undefined;
        const left = wants.filter((oid) => oid !== missing);
        if (left.length === wants.length) throw error;
        wants = left;
      }
    }
    return 0;
  }

  async #fetch(request: FetchRequest): Promise<number> {
    const { limits, store, signal, memoryAccount } = this.options;
    const take = (size: number) => {
      memoryAccount.take(size);
    };
    const filter = this.#supported(request.filter);
    let bytes: Buffer;
    try {
      bytes = await this.conversation.fetch({ ...request, filter }, { pack: limits.pack, take });
    } catch (error) {
      if (!this.#refusesTrees(error, filter) && !(await this.conversation.isOutdated(error))) throw error;
      return this.#fetch(request);
    }
    const pack = await Pack.open(bytes, {
      limits: limits.pack,
      outside: (oid) => store.peek(oid),
      signal,
      take,
    });
    store.addPack(pack);
    if (filter === undefined && request.depth !== undefined) this.#noteWhole(request.wants);
    return pack.size;
  }

  #supported(filter: string | undefined): string | undefined {
    if (filter === undefined || this.filters === "none") return undefined;
    return this.filters === "blobs" ? "blob:none" : filter;
  }

  /** Some servers offer filters but not those of trees, and say so when they are asked. */
  #refusesTrees(error: unknown, filter: string | undefined): boolean {
    if (!(error instanceof RemoteError) || !/filter/i.test(error.said)) return false;
    if (filter === undefined || filter === "blob:none") return false;
    this.options.memory.refusesTreeFilters = true;
    return true;
  }

  #noteWhole(wants: readonly Oid[]): void {
    const peeled = new Map([...this.refs()].map((ref) => [ref.oid, ref.peeled]));
    for (const oid of wants) {
      const commit = peeled.get(oid) ?? oid;
      if (this.options.store.typeOf(commit) === "commit") this.#whole.add(commit);
    }
  }
}
