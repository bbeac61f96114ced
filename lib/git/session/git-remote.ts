import type { Oid } from "@/lib/domain/workspace";
import { Pack } from "../pack/pack-reader";
import { Conversation, isRefusal, type ProtocolMemory } from "../protocol/conversation";
import { Deepening } from "../protocol/deepen";
import { type PushFeatures, readPushFeatures } from "../protocol/receive-pack";
import { type AdvertisedRef, type FetchRequest, RemoteError } from "../protocol/upload-pack";
import type { GitTransport } from "../transport/transport";
import type { GitLimits } from "./limits";
import type { ObjectRemote, TreeDepth } from "./object-remote";
import type { ObjectStore } from "./object-store";

/** What a server showed in earlier sessions, so that later ones need not ask again. */
export interface RemoteMemory extends ProtocolMemory {
  /** `trees`: filters of trees and blobs; `blobs`: of blobs only. */
  filter: "unknown" | "trees" | "blobs" | "none";
  push: PushFeatures | undefined;
  /** The tip has so many directories that reading all of them costs more than another request. */
  isLarge: boolean;
}

export function newRemoteMemory(): RemoteMemory {
  return { filter: "unknown", push: undefined, isLarge: false, old: null };
}

export interface GitRemoteOptions {
  transport: GitTransport;
  store: ObjectStore;
  memory: RemoteMemory;
  limits: GitLimits;
  signal: AbortSignal;
  prefixes: readonly string[];
  /** The branch that most reading is about. */
  targetRef: string;
  /** How many levels of directories lie above a workspace. */
  levels: number;
  /** Commits and trees to read together with the tips, where the remote still has them. */
  expects: readonly Oid[];
  /** Begin with those levels alone, however few directories lie below. */
  isMostlyKnown: boolean;
}

const MANY_OBJECTS = 6000;
const FEW_TIPS = 8;
const WANTS_PER_REQUEST = 20_000;
const LONE_TREES = 3;

/** The remote side of a session: its refs, and objects fetched in as few requests as can be. */
export class GitRemote implements ObjectRemote {
  refs = new Map<string, AdvertisedRef>();
  #tips = new Set<Oid>();
  /** Commits of which everything is here, when the server cannot leave anything out. */
  readonly #whole = new Set<Oid>();
  #started = false;
  #treeRequests = 0;
  #isTipComplete = false;

  readonly #conversation: Conversation;
  readonly #deepening: Deepening;

  constructor(private readonly options: GitRemoteOptions) {
    const { transport, memory, limits, store } = options;
    const conversation = new Conversation(transport, memory, { refs: limits.refs, bytes: limits.refBytes });
    this.#conversation = conversation;
    this.#deepening = new Deepening({
      has: (oid) => store.has(oid),
      tips: () => [...this.refs.values()].map(({ oid }) => oid),
      tipOf: (oid) => [...this.refs.values()].find(({ peeled }) => peeled === oid)?.oid,
      shallow: () => conversation.shallow,
      fetch: (request) => this.#fetch(request),
    });
  }

  async readRefs(): Promise<void> {
    this.refs = await this.#conversation.refs(this.options.prefixes);
    this.#deepening.restart();
    this.#tips = new Set([...this.refs.values()].map(({ peeled }) => peeled));
  }

  async pushFeatures(): Promise<PushFeatures> {
    const { transport, memory, limits } = this.options;
    memory.push ??= await readPushFeatures(transport, limits.refBytes);
    return memory.push;
  }

  advertises(oid: Oid): boolean {
    return this.#tips.has(oid);
  }

  async fetchCommits(oids: readonly Oid[], depth: number): Promise<void> {
    const { store, memory } = this.options;
    if (!this.#started && depth === 1) {
      await this.#start(oids);
      return;
    }
    const wants = new Set(oids);
    // One branch of many is asked for: the others follow, so they come in the same request.
    if (oids.some((oid) => this.#isHead(oid))) {
      for (const oid of this.#heads()) if (!store.has(oid)) wants.add(oid);
    }
    const withoutFilter = memory.filter === "none" ? this.#known() : {};
    await this.#fetchPresent({ wants: [...wants], depth, filter: "tree:0", ...withoutFilter });
  }

  async fetchHistory(since: Oid, until: Oid): Promise<void> {
    const { filter } = this.options.memory;
    // Without that filter the trees of all those commits would come along.
    if (this.#conversation.old || filter === "blobs" || filter === "none" || !this.advertises(until)) return;
    await this.#fetchPresent({ wants: [until], haves: [since], filter: "tree:0" });
  }

  async fetchTrees(oids: readonly Oid[], depth: TreeDepth): Promise<void> {
    const { store, memory } = this.options;
    const wants = new Set(oids);
    this.#treeRequests++;
    if (this.#treeRequests > LONE_TREES && !this.#isTipComplete && depth === "all") {
      // Directory after directory is read: all of them at once cost one request.
      this.#isTipComplete = true;
      const target = this.refs.get(this.options.targetRef)?.peeled;
      if (target && store.isRemote(target))
        await this.#fetchPresent({ wants: [target], depth: 1, filter: "blob:none" });
      for (const oid of oids) if (store.has(oid)) wants.delete(oid);
    }
    if (wants.size === 0) return;
    const filter = depth === "all" ? "blob:none" : `tree:${String(depth)}`;
    await this.#fetchPresent({
      wants: [...wants],
      filter,
      ...(memory.filter === "none" ? this.#known() : {}),
    });
  }

  async fetchBlobs(oids: readonly Oid[]): Promise<void> {
    for (let at = 0; at < oids.length; at += WANTS_PER_REQUEST) {
      await this.#fetchPresent({ wants: oids.slice(at, at + WANTS_PER_REQUEST) });
    }
  }

  /** The first fetch: the tips that matter, each as it stands, without contents where the server can do that. */
  async #start(oids: readonly Oid[]): Promise<void> {
    const { memory, store } = this.options;
    this.#started = true;
    const heads = this.#heads();
    const target = this.refs.get(this.options.targetRef)?.peeled;
    const wants = new Set<Oid>();
    if (target) wants.add(target);
    if (heads.length <= FEW_TIPS) for (const oid of heads) wants.add(oid);
    const { old } = this.#conversation;
    // Who cannot be asked for one object would send all of history for one that is gone.
    const canExpect = memory.filter !== "none" && (old === null || old.anyObject);
    if (canExpect) for (const oid of this.options.expects) wants.add(oid);
    const isPartial = memory.isLarge || this.options.isMostlyKnown;
    const filter = isPartial ? `tree:${String(Math.max(1, this.options.levels))}` : "blob:none";
    const size = wants.size === 0 ? 0 : await this.#fetchPresent({ wants: [...wants], depth: 1, filter });
    if (filter === "blob:none") {
      this.#isTipComplete = true;
      memory.isLarge = size > MANY_OBJECTS;
    }
    const left = oids.filter((oid) => !store.has(oid));
    if (left.length > 0) await this.fetchCommits(left, 1);
  }

  #heads(): Oid[] {
    return [...new Set([...this.refs].flatMap(([name, ref]) => (isHeadName(name) ? [ref.peeled] : [])))];
  }

  #isHead(oid: Oid): boolean {
    return this.#tips.has(oid) && this.#heads().includes(oid);
  }

  #known(): Pick<FetchRequest, "haves" | "shallow"> {
    const whole = [...this.#whole];
    return { haves: whole, shallow: whole };
  }

  /** Fetches what the remote has of the wants; those that it says it does not have are left out. */
  async #fetchPresent(request: FetchRequest): Promise<number> {
    const { old } = this.#conversation;
    if (old && !old.anyObject) {
      await this.#deepening.fetch(request.wants, request.depth);
      return 0;
    }
    let wants = request.wants;
    for (let attempts = 0; attempts < 64 && wants.length > 0; attempts++) {
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
    const { memory, limits, store, signal } = this.options;
    if (this.#conversation.old) memory.filter = this.#conversation.old.filter ? memory.filter : "none";
    const filter = supportedFilter(request.filter, memory.filter);
    try {
      const bytes = await this.#conversation.fetch({ ...request, filter }, limits.pack.packBytes);
      const pack = await Pack.open(bytes, { limits: limits.pack, outside: (oid) => store.peek(oid), signal });
      store.addPack(pack);
      if (filter !== undefined && memory.filter === "unknown") memory.filter = "trees";
      if (filter === undefined && request.depth !== undefined)
        for (const oid of request.wants) this.#whole.add(oid);
      return pack.size;
    } catch (error) {
      if (filter === undefined || !isRefusal(error)) throw error;
      if (!(await this.#learnFilter(error, filter))) throw error;
      return this.#fetch(request);
    }
  }

  /** After a refused request with a filter: what the server can do. False when the filter was not the reason. */
  async #learnFilter(error: Error, filter: string): Promise<boolean> {
    const { memory } = this.options;
    if (error instanceof RemoteError && /filter/i.test(error.said)) {
      memory.filter = memory.filter === "trees" && filter.startsWith("tree") ? "blobs" : "none";
      return true;
    }
    if (memory.filter !== "unknown") return false;
    const isOffered = await this.#conversation.offersFilter();
    memory.filter = isOffered ? "trees" : "none";
    return !isOffered;
  }
}

function supportedFilter(filter: string | undefined, supported: RemoteMemory["filter"]): string | undefined {
  if (filter === undefined || supported === "none") return undefined;
  return supported === "blobs" ? "blob:none" : filter;
}

function isHeadName(name: string): boolean {
  return name.startsWith("refs/heads/");
}
