import { basename, dirname } from "../types";
import { inHashOrder } from "./order";
import type { Removal } from "./pairs";

/** Stands for the unknown place of a file whose rename was not found yet. */
const UNKNOWN = "/";

/** For each removed directory, how many of its files went to which other directory. */
export class DirectoryCounts {
  private readonly counts = new Map<string, Map<string, number>>();

  constructor(private readonly removed: Map<string, Removal>) {}

  /** Counts a rename for its directory, and for parents as long as the paths end alike. */
  add(source: string, target: string): void {
    let from = dirname(source);
    let to = dirname(target);
    for (let isFirst = true; this.removed.has(from); isFirst = false) {
      const removal = this.removed.get(from);
      if (removal === "itself" || isFirst) this.increment(from, to);
      if (removal === "irrelevant" || from === "" || to === "" || basename(from) !== basename(to)) return;
      from = dirname(from);
      to = dirname(to);
    }
  }

  /** The directory most files of each directory went to; among equals the one git meets first. */
  guesses(): Map<string, string> {
    const best = new Map<string, string>();
    for (const [from, targets] of this.counts) {
      let most = 0;
      for (const to of inHashOrder(targets.keys())) {
        const count = targets.get(to) ?? 0;
        if (count <= most) continue;
        most = count;
        best.set(from, to);
      }
    }
    return best;
  }

  /** Counts files without a known place, and settles directories for which those cannot matter any more. */
  settleEarly(sources: readonly string[]): void {
    for (const source of sources) {
      for (let at = dirname(source); at !== "" && this.isRelevant(at); at = dirname(at)) {
        this.increment(at, UNKNOWN);
      }
    }
    for (const [directory, targets] of this.counts) {
      if (this.removed.get(directory) === "itself" && isDecided(targets))
        this.removed.set(directory, "below");
    }
  }

  /** Whether the place of a file can still decide where a directory went. */
  needs(source: string): boolean {
    for (let at = dirname(source); this.isRelevant(at); at = dirname(at)) {
      if (this.removed.get(at) === "itself") return true;
    }
    return false;
  }

  /** Where each relevant directory went; `null` where no place has the most files. */
  renames(): Map<string, string | null> {
    const renames = new Map<string, string | null>();
    for (const [from, targets] of this.counts) {
      if (!this.isRelevant(from)) continue;
      const known = [...targets].filter(([to]) => to !== UNKNOWN);
      const most = Math.max(0, ...known.map(([, count]) => count));
      const winners = known.filter(([, count]) => count === most);
      if (most > 0) renames.set(from, winners.length === 1 ? (winners[0]?.[0] ?? null) : null);
    }
    return renames;
  }

  private isRelevant(directory: string): boolean {
    return (this.removed.get(directory) ?? "irrelevant") !== "irrelevant";
  }

  private increment(from: string, to: string): void {
    const targets = this.counts.get(from) ?? new Map<string, number>();
    targets.set(to, (targets.get(to) ?? 0) + 1);
    this.counts.set(from, targets);
  }
}

function isDecided(targets: Map<string, number>): boolean {
  const known = [...targets].filter(([to]) => to !== UNKNOWN).map(([, count]) => count);
  const [first = 0, second = 0] = known.sort((one, other) => other - one);
  return first > second + (targets.get(UNKNOWN) ?? 0);
}
