import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import { type CommitGraph as Ancestry, commitsAhead, isAncestor } from "@/lib/merge/bases";
import { asBuffer } from "../objects/bytes";
import { type ParsedCommit, parseCommit } from "../objects/commit";
import { Pace } from "@/lib/runtime/pace";
import type { ObjectRemote } from "./object-remote";
import type { ObjectStore } from "./object-store";

const FIRST_STEP = 32;
const LARGEST_STEP = 1 << 20;
const REMEMBERED_WALKS = 16;

/** The ancestors of a tip as far as they are in memory. */
interface Walk {
  seen: Set<Oid>;
  /** Where it goes on once more was fetched. */
  open: Oid[];
  /** The end of the last part of it; two do not walk at once. */
  going: Promise<void>;
}

/**
 * History from commits alone, fetched a step at a time where it has to be walked. Parents are read from the commits
 * themselves, so the edge of what was fetched is never taken for a root.
 */
export class CommitGraph implements Ancestry {
  readonly #commits = new Map<Oid, ParsedCommit>();
  /** Parents that the remote itself lacks: it is a shallow clone. */
  readonly #absent = new Set<Oid>();
  readonly #walks = new Map<Oid, Walk>();
  readonly #pace: Pace;
  #step = FIRST_STEP;
  /** Tips whose history was asked for in one request. */
  readonly #asked = new Set<Oid>();

  constructor(
    private readonly store: ObjectStore,
    private readonly remote: ObjectRemote,
    signal: AbortSignal,
  ) {
    this.#pace = new Pace(signal);
  }

  /** The commit, wherever it is; null when nobody has it. */
  async find(oid: Oid): Promise<ParsedCommit | null> {
    const here = this.#peek(oid);
    if (here) return here;
    await this.#load([oid], 1);
    return this.#peek(oid) ?? null;
  }

  /** The commit. Throws UnreadableContent when nobody has it. */
  async commit(oid: Oid): Promise<ParsedCommit> {
    const found = await this.find(oid);
    if (!found)
      throw new AppError("UnreadableContent", `The repository has no commit ${oid}.`, { commit: oid });
    return found;
  }

  /** The parents that can be read; those that are not here yet come with many of their own ancestors. */
  async parents(oid: Oid): Promise<readonly Oid[]> {
    const { parents } = await this.commit(oid);
    const missing = parents.filter((parent) => !this.#absent.has(parent) && !this.#peek(parent));
    if (missing.length > 0) {
      const step = this.#step;
      this.#step = Math.min(step * 8, LARGEST_STEP);
      await this.#load(missing, step);
      for (const parent of missing) if (!this.#peek(parent)) this.#absent.add(parent);
    }
    if (this.#pace.due) await this.#pace.rest();
    return parents.filter((parent) => !this.#absent.has(parent));
  }

  async date(oid: Oid): Promise<number> {
    return (await this.commit(oid)).committed;
  }

  async isAncestor(ancestor: Oid, descendant: Oid): Promise<boolean> {
    if (await this.#isKnownAncestor(ancestor, descendant)) return true;
    const tip = this.#remoteBelow(descendant);
    if (!this.#asked.has(tip) && this.remote.advertises(tip)) {
      // What lies between two commits is one request, however long ago the older one was.
      this.#asked.add(tip);
      const isAll = await this.remote.fetchHistory(ancestor, tip);
      if (await this.#isKnownAncestor(ancestor, descendant)) return true;
      if (isAll && tip === descendant) return false;
    }
    return isAncestor(this, ancestor, descendant);
  }

  /** The commit of the remote that commits made here stand on. */
  #remoteBelow(oid: Oid): Oid {
    let at = oid;
    while (this.store.fresh(at)) {
      const [parent] = this.#peek(at)?.parents ?? [];
      if (parent === undefined) return at;
      at = parent;
    }
    return at;
  }

  /** Commits reachable from `until` and not from `since`; null when `since` is no ancestor of `until`. */
  async between(since: Oid | null, until: Oid): Promise<Map<Oid, ParsedCommit> | null> {
    if (since !== null && !((await this.find(since)) && (await this.isAncestor(since, until)))) return null;
    const range = new Map<Oid, ParsedCommit>();
    for (const oid of await commitsAhead(this, since, until)) range.set(oid, await this.commit(oid));
    return range;
  }

  /** Ancestors in memory, walked once for each tip and continued when more was fetched. */
  async #isKnownAncestor(ancestor: Oid, descendant: Oid): Promise<boolean> {
    const seen = new Set<Oid>();
    const open = [descendant];
    for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
      if (oid === ancestor) return true;
      if (seen.has(oid)) continue;
      seen.add(oid);
      // Commits made here are few and change the tip each time; what lies below them is remembered.
      if (this.store.fresh(oid)) open.push(...(this.#peek(oid)?.parents ?? []));
      else if (await this.#walk(oid, ancestor)) return true;
    }
    return false;
  }

  async #walk(tip: Oid, ancestor: Oid): Promise<boolean> {
    const walk = this.#walks.get(tip) ?? { seen: new Set(), open: [tip], going: Promise.resolve() };
    this.#walks.set(tip, walk);
    const oldest = this.#walks.keys().next();
    if (this.#walks.size > REMEMBERED_WALKS && !oldest.done) this.#walks.delete(oldest.value);
    walk.going = walk.going.then(() => this.#goOn(walk));
    await walk.going;
    return walk.seen.has(ancestor) || walk.open.includes(ancestor);
  }

  async #goOn(walk: Walk): Promise<void> {
    const edge: Oid[] = [];
    for (let oid = walk.open.pop(); oid !== undefined; oid = walk.open.pop()) {
      if (walk.seen.has(oid)) continue;
      const commit = this.#peek(oid);
      if (commit) {
        walk.seen.add(oid);
        walk.open.push(...commit.parents);
      } else edge.push(oid);
      if (this.#pace.due) await this.#pace.rest();
    }
    walk.open.push(...edge);
  }

  #peek(oid: Oid): ParsedCommit | undefined {
    const known = this.#commits.get(oid);
    if (known) return known;
    const object = this.store.peek(oid);
    if (object?.type !== "commit") return undefined;
    const commit = parseCommit(oid, asBuffer(object.bytes));
    this.#commits.set(oid, commit);
    return commit;
  }

  async #load(oids: readonly Oid[], depth: number): Promise<void> {
    const missing = oids.filter((oid) => !this.store.has(oid) && !this.#absent.has(oid));
    if (missing.length === 0) return;
    const advertised = missing.filter((oid) => this.remote.advertises(oid));
    const unknown = await this.store.loadStored(missing.filter((oid) => !this.remote.advertises(oid)));
    if (advertised.length + unknown.length > 0) {
      await this.remote.fetchCommits([...advertised, ...unknown], depth);
    }
  }
}
