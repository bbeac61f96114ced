import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import { asBuffer } from "../../objects/bytes";
import { type ParsedCommit, parseCommit } from "../../objects/commit";
import { type PushFeatures, readPushFeatures, readPushRefs } from "../../protocol/receive-pack";
import type { AdvertisedRef } from "../../protocol/lines";
import type { ObjectRemote, TreeDepth } from "../object-remote";
import { Fetching, type FetchingOptions } from "./fetching";
import { type KnownTip, knownTip, type KnownTips } from "./known-tips";

export interface GitRemoteOptions extends FetchingOptions {
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

/** The remote side of a session: its refs, and objects fetched in as few requests as can be. */
export class GitRemote implements ObjectRemote {
  refs = new Map<string, AdvertisedRef>();
  #tips = new Set<Oid>();
  #started = false;
  #treeRequests = 0;
  #isTipComplete = false;
  /** The tip that an earlier session left, where this one builds on it. */
  #base: Oid | undefined;
  /** The tips are read once what an earlier session left does not do. */
  #isPutOff = false;
  #catchingUp: Promise<void> | undefined;

  readonly #fetching: Fetching;

  constructor(private readonly options: GitRemoteOptions) {
    this.#fetching = new Fetching(options, () => this.refs.values());
  }

  async readRefs(): Promise<void> {
    const { prefixes, pushes, memory, transport } = this.options;
    // Who pushes has to ask the other service as well, and its answer holds the refs: one request less.
    const isAsked = pushes && transport.isStateless && memory.push === undefined;
    this.refs = await this.#fetching.conversation.refs(
      prefixes,
      isAsked ? () => this.#pushRefs() : undefined,
    );
    this.#fetching.restart();
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
    await this.#catchUp();
    let wants = new Set(oids.filter((oid) => !store.has(oid)));
    if (wants.size === 0) return;
    // One branch of many is asked for: the others follow, so they come in the same request.
    if (oids.some((oid) => this.#isHead(oid))) {
      for (const oid of this.#heads()) if (!store.has(oid)) wants.add(oid);
    }
    if (this.#base !== undefined && depth === 1 && oids.some((oid) => this.advertises(oid))) {
      await this.#fetchSinceBase(this.#base, [...wants]);
      // Branches that the base leads to did not come, and may not be asked for.
      wants = new Set(oids.filter((oid) => !store.has(oid)));
      if (wants.size === 0) return;
    }
    // A walk that needs older commits of one branch needs those of the others next.
    if (depth > 1) for (const oid of this.#edges()) wants.add(oid);
    const withoutFilter = this.#fetching.filters === "none" ? this.#fetching.known() : {};
    await this.#fetching.fetchPresent({ wants: [...wants], depth, filter: "tree:0", ...withoutFilter });
  }

  async fetchHistory(since: Oid, until: Oid): Promise<boolean> {
    // Where all is told of refs alone there is no way to ask for a part of history.
    if (!this.#fetching.givesAnything || this.#fetching.filters === "blobs" || !this.advertises(until))
      return false;
    const oldest = this.#oldest(
      since,
      this.#heads().filter((oid) => oid !== until),
    );
    // Without a filter the changes of those commits come along, which is less than whole trees of them.
    await this.#fetching.fetchPresent({ wants: [until], haves: [oldest], filter: "tree:0" });
    return oldest === since;
  }

  /**
   * The oldest of those that are here, for whoever asks for one branch asks for the others next. One that is not here
   * is older than they are: what earlier sessions left are the last commits.
   */
  #oldest(since: Oid, others: readonly Oid[]): Oid {
    if (!this.#commit(since)) return since;
    let oldest = { oid: since, committed: Number.POSITIVE_INFINITY };
    for (const oid of [since, ...others]) {
      const committed = this.#commit(oid)?.committed;
      if (committed !== undefined && committed < oldest.committed) oldest = { oid, committed };
    }
    return oldest.oid;
  }

  async fetchTrees(oids: readonly Oid[], depth: TreeDepth): Promise<void> {
    const { store } = this.options;
    await this.#catchUp();
    const wants = new Set(oids.filter((oid) => !store.has(oid)));
    if (wants.size === 0) return;
    this.#treeRequests++;
    if (this.#treeRequests > LONE_TREES && !this.#isTipComplete && depth === "all") {
      // Directory after directory is read: all of them at once cost one request.
      this.#isTipComplete = true;
      const target = this.refs.get(this.options.targetRef)?.peeled;
      if (target && store.isRemote(target))
        await this.#fetching.fetchPresent({ wants: [target], depth: 1, filter: "blob:none" });
      for (const oid of oids) if (store.has(oid)) wants.delete(oid);
    }
    if (wants.size === 0) return;
    const filter = depth === "all" ? "blob:none" : `tree:${String(depth)}`;
    const request = { filter, ...(this.#fetching.filters === "none" ? this.#fetching.known() : {}) };
    await this.#fetching.fetchExisting([...wants], request);
  }

  async fetchBlobs(oids: readonly Oid[]): Promise<void> {
    await this.#catchUp();
    const wants = oids.filter((oid) => !this.options.store.has(oid));
    for (let at = 0; at < wants.length; at += WANTS_PER_REQUEST) {
      await this.#fetching.fetchExisting(wants.slice(at, at + WANTS_PER_REQUEST), {});
    }
  }

  async #start(oids: readonly Oid[]): Promise<void> {
    this.#started = true;
    if (await this.#resume(oids)) return;
    await this.#readTips();
    const left = oids.filter((oid) => !this.options.store.has(oid));
    if (left.length > 0) await this.fetchCommits(left, 1);
  }

  /** The first fetch: the tips that matter, each as it stands, without contents where the server can do that. */
  async #readTips(): Promise<void> {
    const { memory } = this.options;
    const heads = this.#heads();
    const target = this.refs.get(this.options.targetRef)?.peeled;
    const wants = new Set<Oid>();
    if (target) wants.add(target);
    if (heads.length <= FEW_TIPS) for (const oid of heads) wants.add(oid);
    if (this.#fetching.givesAnything) {
      for (const oid of this.options.expects.commits) wants.add(oid);
      // Without a filter everything below the tips comes along anyway.
      if (this.#fetching.filters !== "none") for (const oid of this.options.expects.trees) wants.add(oid);
    }
    const isPartial = memory.isLarge || this.options.isMostlyKnown;
    const filter = isPartial ? `tree:${String(Math.max(1, this.options.levels))}` : "blob:none";
    const size =
      wants.size === 0 ? 0 : await this.#fetching.fetchPresent({ wants: [...wants], depth: 1, filter });
    this.#isTipComplete = filter === "blob:none" || this.#fetching.filters === "none";
    if (filter === "blob:none") memory.isLarge = size > MANY_OBJECTS;
  }

  /** Reads the tips after all. */
  async #catchUp(): Promise<void> {
    if (this.#isPutOff) this.#catchingUp ??= this.#readTips();
    await this.#catchingUp;
  }

  /**
   * Goes on from the tip that an earlier session left, as git does from its clone, where the server cannot leave contents
   * out. Of an unmoved branch nothing has to come. Of one that moved a push of one workspace reads what changed since;
   * others need more of it than that and read it whole, which is one request and not many.
   */
  async #resume(oids: readonly Oid[]): Promise<boolean> {
    const { pushes, isMostlyKnown, tips, tipKey, store } = this.options;
    const known = tips.get(tipKey);
    if (!known || !this.#fetching.givesAnything || this.#fetching.filters !== "none") return false;
    if (pushes && isMostlyKnown) {
      store.know(known.objects, this.advertises(known.commit));
      this.#base = known.commit;
      const missing = oids.filter((oid) => !store.has(oid));
      if (missing.length > 0) await this.fetchCommits(missing, 1);
      return true;
    }
    this.#isPutOff = this.#isAsLeft(known) && oids.every((oid) => known.objects.has(oid));
    if (this.#isPutOff) store.know(known.objects, true);
    return this.#isPutOff;
  }

  /** Whether the first fetch would bring no commit that an earlier session did not leave. */
  #isAsLeft({ commit, objects }: KnownTip): boolean {
    const { targetRef, expects } = this.options;
    const heads = this.#heads();
    const commits = [...(heads.length <= FEW_TIPS ? heads : []), ...expects.commits];
    return this.refs.get(targetRef)?.peeled === commit && commits.every((oid) => objects.has(oid));
  }

  /**
   * What these commits have more than the base. Neither counts as whole from then on, and deltas may not build on
   * them, for little of the base is here. What the base leads to does not come.
   */
  async #fetchSinceBase(base: Oid, wants: readonly Oid[]): Promise<void> {
    const { tips, tipKey } = this.options;
    try {
      await this.#fetching.fetchPresent({ wants, haves: [base] });
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
    if (!target || !this.#fetching.givesAnything || this.#fetching.filters !== "none") return;
    const tip = knownTip(store, target, segments, tips.get(tipKey));
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
}

function isHeadName(name: string): boolean {
  return name.startsWith("refs/heads/");
}
