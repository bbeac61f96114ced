import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import { asBuffer } from "../../objects/bytes";
import { type ParsedCommit, parseCommit } from "../../objects/commit";
import { Pack } from "../../pack/pack-reader";
import { Conversation } from "../../protocol/conversation";
import { Deepening } from "../../protocol/deepen";
import { type PushFeatures, readPushFeatures, readPushRefs } from "../../protocol/receive-pack";
import { type AdvertisedRef, type FetchRequest, RemoteError } from "../../protocol/upload-pack";
import type { GitTransport } from "../../transport/transport";
import type { GitLimits } from "../limits";
import type { MemoryAccount } from "./memory-budget";
import { knownTip, type KnownTips } from "./known-tips";
import type { RemoteMemory } from "./remote-memory";
import type { ObjectRemote, TreeDepth } from "../object-remote";
import type { ObjectStore } from "../object-store";

export interface GitRemoteOptions {
  transport: GitTransport;
  store: ObjectStore;
  memory: RemoteMemory;
  limits: GitLimits;
  /** What packs take is taken from here. */
  memoryAccount: MemoryAccount;
  signal: AbortSignal;
  prefixes: readonly string[];
  /** The branch that most reading is about. */
  targetRef: string;
  /** The tips of earlier sessions, and the name of this one's. */
  tips: KnownTips;
  tipKey: string;
  /** Where the workspaces lie below the root. */
  segments: readonly string[];
  /** How many levels of directories lie above a workspace. */
  levels: number;
  /** Commits and trees to read together with the tips, where the remote still has them. */
  expects: { commits: readonly Oid[]; trees: readonly Oid[] };
  /** A push follows. */
  pushes: boolean;
  /** Begin with those levels alone, however few directories lie below. */
  isMostlyKnown: boolean;
}

const MANY_OBJECTS = 6000;
const FEW_TIPS = 8;
const WANTS_PER_REQUEST = 20_000;
const LONE_TREES = 3;
/** Wants that a server may not have, one after the other, before no more of them are left out. */
const MOST_MISSING = 64;

/** The remote side of a session: its refs, and objects fetched in as few requests as can be. */
export class GitRemote implements ObjectRemote {
  refs = new Map<string, AdvertisedRef>();
  #tips = new Set<Oid>();
  /** Commits of which everything is here, when the server cannot leave anything out. */
  readonly #whole = new Set<Oid>();
  #started = false;
  #treeRequests = 0;
  #isTipComplete = false;
  /** The tip that an earlier session left, where this one builds on it. */
  #base: Oid | undefined;

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
      known: () => this.#known(),
      fetch: (request) => this.#fetch(request),
    });
  }

  async readRefs(): Promise<void> {
    const { prefixes, pushes, memory, transport } = this.options;
    // Who pushes has to ask the other service as well, and its answer holds the refs: one request less.
    const isAsked = pushes && transport.isStateless && memory.push === undefined;
    this.refs = await this.#conversation.refs(prefixes, isAsked ? () => this.#pushRefs() : undefined);
    this.#deepening.restart();
    this.#tips = new Set([...this.refs.values()].map(({ peeled }) => peeled));
  }

  /** The refs as the service that takes pushes tells them; null where a tag has to be followed. */
  async #pushRefs(): Promise<Map<string, AdvertisedRef> | null> {
    const { prefixes, memory, transport, limits } = this.options;
    const found = await readPushRefs(transport, { refs: limits.refs, bytes: limits.refBytes });
    memory.push = found.features;
    const wanted = [...found.refs].filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)));
    if (wanted.some(([name]) => name.startsWith("refs/tags/"))) return null;
    return new Map(wanted.map(([name, oid]) => [name, { oid, peeled: oid }]));
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
    const { store } = this.options;
    if (!this.#started && depth === 1) {
      await this.#start(oids);
      return;
    }
    const wants = new Set(oids);
    // One branch of many is asked for: the others follow, so they come in the same request.
    if (oids.some((oid) => this.#isHead(oid))) {
      for (const oid of this.#heads()) if (!store.has(oid)) wants.add(oid);
    }
    if (depth === 1 && oids.some((oid) => this.advertises(oid))) {
      await this.#fetchSinceBase([...wants]);
      for (const oid of wants) if (store.has(oid)) wants.delete(oid);
    }
    // A walk that needs older commits of one branch needs those of the others next.
    if (depth > 1) for (const oid of this.#edges()) wants.add(oid);
    const withoutFilter = this.#filters === "none" ? this.#known() : {};
    await this.#fetchPresent({ wants: [...wants], depth, filter: "tree:0", ...withoutFilter });
  }

  async fetchHistory(since: Oid, until: Oid): Promise<boolean> {
    // Where all is told of refs alone there is no way to ask for a part of history.
    if (!this.#givesAnything || this.#filters === "blobs" || !this.advertises(until)) return false;
    const oldest = this.#oldest([since, ...this.#heads().filter((oid) => oid !== until)]);
    // Without a filter the changes of those commits come along, which is less than whole trees of them.
    await this.#fetchPresent({ wants: [until], haves: [oldest], filter: "tree:0" });
    return oldest === since;
  }

  /** The oldest of those that are here, else the first: whoever asks for one branch asks for the others next. */
  #oldest(oids: [Oid, ...Oid[]]): Oid {
    let oldest = { oid: oids[0], committed: Number.POSITIVE_INFINITY };
    for (const oid of oids) {
      const committed = this.#commit(oid)?.committed;
      if (committed !== undefined && committed < oldest.committed) oldest = { oid, committed };
    }
    return oldest.oid;
  }

  async fetchTrees(oids: readonly Oid[], depth: TreeDepth): Promise<void> {
    const { store } = this.options;
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
    const request = { filter, ...(this.#filters === "none" ? this.#known() : {}) };
    await this.#fetchExisting([...wants], request);
  }

  async fetchBlobs(oids: readonly Oid[]): Promise<void> {
    for (let at = 0; at < oids.length; at += WANTS_PER_REQUEST) {
      await this.#fetchExisting(oids.slice(at, at + WANTS_PER_REQUEST), {});
    }
  }

  /** What the server can leave out of an answer. */
  get #filters(): "trees" | "blobs" | "none" {
    const { refusesTreeFilters, upload } = this.options.memory;
    if (!this.#givesAnything || !upload?.filter) return "none";
    return refusesTreeFilters ? "blobs" : "trees";
  }

  get #givesAnything(): boolean {
    const { givesTipsOnly, upload } = this.options.memory;
    return upload?.anyObject === true && !givesTipsOnly;
  }

  /** The first fetch: the tips that matter, each as it stands, without contents where the server can do that. */
  async #start(oids: readonly Oid[]): Promise<void> {
    const { memory, store } = this.options;
    this.#started = true;
    if (await this.#resume(oids)) return;
    const heads = this.#heads();
    const target = this.refs.get(this.options.targetRef)?.peeled;
    const wants = new Set<Oid>();
    if (target) wants.add(target);
    if (heads.length <= FEW_TIPS) for (const oid of heads) wants.add(oid);
    if (this.#givesAnything) {
      for (const oid of this.options.expects.commits) wants.add(oid);
      // Without a filter everything below the tips comes along anyway.
      if (this.#filters !== "none") for (const oid of this.options.expects.trees) wants.add(oid);
    }
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

  /**
   * A push of one workspace to a server that cannot leave contents out goes on from the tip that an earlier session
   * left, as git does from its clone: of an unmoved branch nothing has to come, else what changed since.
   */
  async #resume(oids: readonly Oid[]): Promise<boolean> {
    const { pushes, isMostlyKnown, tips, tipKey, store } = this.options;
    const known = tips.get(tipKey);
    if (!known || !pushes || !isMostlyKnown || !this.#givesAnything || this.#filters !== "none") return false;
    store.know(known.objects, this.advertises(known.commit));
    this.#base = known.commit;
    const missing = oids.filter((oid) => !store.has(oid));
    if (missing.length > 0) await this.fetchCommits(missing, 1);
    return true;
  }

  /**
   * What these commits have more than the base. Neither counts as whole from then on, and deltas may not build on
   * them, for little of the base is here. What the base leads to does not come.
   */
  async #fetchSinceBase(wants: readonly Oid[]): Promise<void> {
    const { tips, tipKey } = this.options;
    if (this.#base === undefined) return;
    try {
      await this.#fetchPresent({ wants, haves: [this.#base] });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "TooLarge") throw error;
      // Another history, and a long one: only its end is read then.
      this.#base = undefined;
      tips.forget(tipKey);
    }
  }

  /** Leaves the tip to later sessions, where they can make use of it. */
  rememberTip(): void {
    const { tips, tipKey, targetRef, store, segments } = this.options;
    const target = this.refs.get(targetRef)?.peeled;
    if (!target || !this.#givesAnything || this.#filters !== "none") return;
    const tip = knownTip(store, target, segments);
    if (tip) tips.keep(tipKey, tip);
  }

  #heads(): Oid[] {
    return [...new Set([...this.refs].flatMap(([name, ref]) => (isHeadName(name) ? [ref.peeled] : [])))];
  }

  /** Parents that are not here of the few commits that a session is about. */
  #edges(): Oid[] {
    const { store, expects } = this.options;
    const heads = this.#heads();
    if (heads.length > FEW_TIPS) return [];
    return [...heads, ...expects.commits].flatMap((oid) =>
      (this.#commit(oid)?.parents ?? []).filter((parent) => !store.has(parent)),
    );
  }

  #commit(oid: Oid): ParsedCommit | undefined {
    const { store } = this.options;
    const object = store.typeOf(oid) === "commit" ? store.peek(oid) : undefined;
    return object && parseCommit(oid, asBuffer(object.bytes));
  }

  #isHead(oid: Oid): boolean {
    return this.#tips.has(oid) && this.#heads().includes(oid);
  }

  /** What may be told to be here: commits only, and only where nothing of them was left out. */
  #known(): Pick<FetchRequest, "haves" | "shallow" | "thin"> {
    return { haves: [...this.#whole], shallow: this.#conversation.shallow, thin: true };
  }

  /** Fetches trees and blobs that commits of the remote lead to. */
  async #fetchExisting(oids: readonly Oid[], request: Omit<FetchRequest, "wants">): Promise<void> {
    const { store, memory } = this.options;
    await this.#fetchPresent({ wants: oids, ...request });
    if (!this.#givesAnything || oids.every((oid) => store.has(oid))) return;
    // It says that it does not have what it must have: it gives no single objects, whatever it offers.
    memory.givesTipsOnly = true;
    await this.#deepening.fetch(oids, undefined);
  }

  /** Fetches what the remote has of the wants; those that it says it does not have are left out. */
  async #fetchPresent(request: FetchRequest): Promise<number> {
    if (!this.#givesAnything) {
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
      bytes = await this.#conversation.fetch({ ...request, filter }, { pack: limits.pack, take });
    } catch (error) {
      if (!this.#refusesTrees(error, filter) && !(await this.#conversation.isOutdated(error))) throw error;
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
    if (filter === undefined || this.#filters === "none") return undefined;
    return this.#filters === "blobs" ? "blob:none" : filter;
  }

  /** Some servers offer filters but not those of trees, and say so when they are asked. */
  #refusesTrees(error: unknown, filter: string | undefined): boolean {
    if (!(error instanceof RemoteError) || !/filter/i.test(error.said)) return false;
    if (filter === undefined || filter === "blob:none") return false;
    this.options.memory.refusesTreeFilters = true;
    return true;
  }

  #noteWhole(wants: readonly Oid[]): void {
    const peeled = new Map([...this.refs.values()].map((ref) => [ref.oid, ref.peeled]));
    for (const oid of wants) {
      const commit = peeled.get(oid) ?? oid;
      if (this.options.store.typeOf(commit) === "commit") this.#whole.add(commit);
    }
  }
}

function isHeadName(name: string): boolean {
  return name.startsWith("refs/heads/");
}
