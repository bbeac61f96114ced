import type { Oid } from "@/lib/domain/workspace";
import type { GitObject } from "@/lib/versioning/ports";
import { asBuffer } from "../../objects/bytes";
import { parseCommit } from "../../objects/commit";
import { findEntry, isTreeMode } from "../../objects/tree";
import type { ObjectStore } from "../object-store";

const MOST_TIPS = 64;
const MOST_COMMITS = 2000;
const TIP_BYTES = 512 * 1024;

/** What one session leaves to the next: the tip of a branch, its last commits, and the folders above the workspaces. */
export interface KnownTip {
  commit: Oid;
  objects: ReadonlyMap<Oid, GitObject>;
}

/** The tips of the repositories used last, within a bound of memory. */
export class KnownTips {
  readonly #tips = new Map<string, KnownTip>();

  get(key: string): KnownTip | undefined {
    return this.#tips.get(key);
  }

  keep(key: string, tip: KnownTip): void {
    this.#tips.delete(key);
    this.#tips.set(key, tip);
    const oldest = this.#tips.keys().next();
    if (this.#tips.size > MOST_TIPS && !oldest.done) this.#tips.delete(oldest.value);
  }

  forget(key: string): void {
    this.#tips.delete(key);
  }
}

/**
 * The tip as far as a session holds it; null where a folder on the way to the workspaces is not here, or too large.
 * Of history an earlier session may have read more.
 */
export function knownTip(
  store: ObjectStore,
  commit: Oid,
  segments: readonly string[],
  before: KnownTip | undefined,
): KnownTip | null {
  const objects = new Map<Oid, GitObject>();
  let bytes = 0;
  const keep = (oid: Oid): GitObject | undefined => {
    const object = store.peek(oid) ?? before?.objects.get(oid);
    if (!object || bytes + object.bytes.length > TIP_BYTES) return undefined;
    bytes += object.bytes.length;
    // A copy: the bytes may be part of a whole pack.
    objects.set(oid, { type: object.type, bytes: Buffer.from(object.bytes) });
    return object;
  };
  const tip = keep(commit);
  if (tip?.type !== "commit") return null;
  const { tree, parents } = parseCommit(commit, asBuffer(tip.bytes));
  for (const folder of foldersTo(store, tree, segments))
    if (!objects.has(folder) && !keep(folder)) return null;
  const open = [...parents];
  for (let at = 0; at < open.length && at < MOST_COMMITS; at++) {
    const oid = open[at];
    if (oid === undefined || objects.has(oid)) continue;
    const object = keep(oid);
    if (object?.type === "commit") open.push(...parseCommit(oid, asBuffer(object.bytes)).parents);
  }
  return { commit, objects };
}

/** The root and the folders on the way, as far as they are here and the last one that may not be. */
function foldersTo(store: ObjectStore, root: Oid, segments: readonly string[]): Oid[] {
  const folders = [root];
  for (const segment of segments) {
    const tree = store.tree(folders.at(-1) ?? root);
    const entry = tree && findEntry(tree, segment);
    if (!entry || !isTreeMode(entry.mode)) break;
    folders.push(entry.oid);
  }
  return folders;
}
