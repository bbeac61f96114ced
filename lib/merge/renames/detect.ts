import type { Oid } from "@/lib/domain/workspace";
import { invariant } from "@/lib/domain/error";
import type { Effort } from "../diff/effort";
import { basename, dirname, isRegular } from "../types";
import { DirectoryCounts } from "./directory-counts";
import type { Candidate, SidePaths } from "./pairs";
import { fingerprint, FULL_SCORE, similarity, type Sample } from "./similarity";

const EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
/** At least half of the content. */
const MINIMUM_SCORE = FULL_SCORE / 2;
/** Files that keep their name are only paired early when they are this similar. */
const SAME_NAME_SCORE = MINIMUM_SCORE + (FULL_SCORE - MINIMUM_SCORE) / 2;
const IDENTICAL_TRIED = 100;
const BEST_PER_TARGET = 4;
const BYTES_PER_STEP = 8;

interface Match {
  source: Candidate;
  target: Candidate;
  score: number;
  sameName: boolean;
}

/** The renames of one side: found by content, the certain ones first, as git finds them. */
export class RenameDetection {
  /** Target by source. */
  readonly renames = new Map<string, Candidate>();
  private readonly counts: DirectoryCounts;
  private readonly taken = new Set<string>();
  private readonly samples = new Map<Oid, Sample>();
  private readonly isNeeded: boolean;
  private sources: Candidate[];
  private readonly targets: Candidate[];

  constructor(private readonly side: SidePaths) {
    this.counts = new DirectoryCounts(side.removedDirectories);
    this.sources = side.deleted.filter((file) => file.oid !== EMPTY_BLOB);
    this.targets = side.added.filter((file) => file.oid !== EMPTY_BLOB);
    this.isNeeded = side.relevant.size > 0 && this.sources.length > 0 && this.targets.length > 0;
    if (this.isNeeded) this.pairIdentical();
  }

  /** What has to be read before `finish`: the content of files that are not paired yet. */
  wanted(): Oid[] {
    if (!this.isNeeded) return [];
    const sources = this.sources.filter((file) => this.side.relevant.has(file.path));
    const targets = this.openTargets();
    if (sources.length === 0 || targets.length === 0) return [];
    return [...sources, ...targets].filter((file) => isRegular(file.mode)).map((file) => file.oid);
  }

  /** Finds the renames that changed the content too. Throws TooMuchEffort when there are too many to compare. */
  finish(blobs: ReadonlyMap<Oid, Uint8Array>, effort: Effort): void {
    if (!this.isNeeded) return;
    for (const oid of this.wanted()) this.sample(oid, blobs, effort);
    this.pairSameNames(effort);
    this.sources = this.sources.filter((file) => this.side.relevant.has(file.path));
    this.counts.settleEarly(this.sources.map((file) => file.path));
    this.sources = this.sources.filter(
      (file) => this.side.relevant.get(file.path) === "content" || this.counts.needs(file.path),
    );
    this.pairSimilar(effort);
  }

  /** Where directories went; null: to several places alike. */
  directories(): Map<string, string | null> {
    return this.counts.renames();
  }

  private openTargets(): Candidate[] {
    return this.targets.filter((file) => !this.taken.has(file.path));
  }

  private record(source: Candidate, target: Candidate): void {
    this.renames.set(source.path, target);
    this.taken.add(target.path);
    this.counts.add(source.path, target.path);
  }

  private pairIdentical(): void {
    const byOid = new Map<Oid, Candidate[]>();
    for (const source of this.sources) {
      const alike = byOid.get(source.oid);
      if (alike) alike.push(source);
      else byOid.set(source.oid, [source]);
    }
    for (const target of this.targets) {
      const sources = byOid.get(target.oid) ?? [];
      const best = bestIdentical(sources, target);
      if (!best) continue;
      sources.splice(sources.indexOf(best), 1);
      this.record(best, target);
    }
    this.sources = this.sources.filter((source) => !this.renames.has(source.path));
  }

  private pairSameNames(effort: Effort): void {
    const guesses = this.counts.guesses();
    const targets = this.openTargets();
    const byPath = new Map(targets.map((target) => [target.path, target]));
    const targetByName = uniqueByName(targets);
    const sourceByName = uniqueByName(this.sources);
    for (const source of this.sources) {
      if (!this.side.relevant.has(source.path)) continue;
      const name = basename(source.path);
      if (!targetByName.has(name)) continue;
      let target = sourceByName.get(name) ? targetByName.get(name) : null;
      if (!target) {
        const guess = guesses.get(dirname(source.path));
        target = guess === undefined ? null : byPath.get(`${guess}/${name}`);
      }
      if (!target || this.taken.has(target.path)) continue;
      if (this.score(source, target, SAME_NAME_SCORE, effort) >= SAME_NAME_SCORE) this.record(source, target);
    }
    this.sources = this.sources.filter((source) => !this.renames.has(source.path));
  }

  private pairSimilar(effort: Effort): void {
    const matches = this.openTargets().flatMap((target) => this.bestMatches(target, effort));
    for (const match of matches.sort(compareMatches)) {
      if (match.score < MINIMUM_SCORE) return;
      if (this.taken.has(match.target.path) || this.renames.has(match.source.path)) continue;
      this.record(match.source, match.target);
    }
  }

  /** The few best sources of a target, each in the place of the one it ousted, which decides among equals. */
  private bestMatches(target: Candidate, effort: Effort): Match[] {
    const best: (Match | undefined)[] = Array.from({ length: BEST_PER_TARGET });
    for (const source of this.sources) {
      const score = this.score(source, target, MINIMUM_SCORE, effort);
      const match = { source, target, score, sameName: isSameName(source, target) };
      let worst = 0;
      for (let place = 1; place < BEST_PER_TARGET; place++) {
        if (compareMatches(best[place], best[worst]) > 0) worst = place;
      }
      if (compareMatches(best[worst], match) > 0) best[worst] = match;
    }
    return best.filter((match) => match !== undefined);
  }

  private score(source: Candidate, target: Candidate, minimum: number, effort: Effort): number {
    effort.spend(1);
    if (!isRegular(source.mode) || !isRegular(target.mode)) return 0;
    const one = this.samples.get(source.oid);
    const other = this.samples.get(target.oid);
    return one && other ? similarity(one, other, minimum, effort) : 0;
  }

  private sample(oid: Oid, blobs: ReadonlyMap<Oid, Uint8Array>, effort: Effort): void {
    if (this.samples.has(oid)) return;
    const bytes = blobs.get(oid);
    invariant(bytes, `The content ${oid} was not read before comparing renames.`);
    effort.spend(Math.ceil(bytes.length / BYTES_PER_STEP));
    this.samples.set(oid, { size: bytes.length, fingerprint: fingerprint(bytes) });
  }
}

/** The first source of the same name, else the first that is left; only so many are tried. */
function bestIdentical(sources: readonly Candidate[], target: Candidate): Candidate | undefined {
  let first: Candidate | undefined;
  let tried = 0;
  for (const source of sources) {
    if (!isAlikeEnough(source, target)) continue;
    if (isSameName(source, target)) return source;
    first ??= source;
    if (++tried === IDENTICAL_TRIED) break;
  }
  return first;
}

function isAlikeEnough(source: Candidate, target: Candidate): boolean {
  return (isRegular(source.mode) && isRegular(target.mode)) || source.mode === target.mode;
}

function isSameName(source: Candidate, target: Candidate): boolean {
  return basename(source.path) === basename(target.path);
}

/** Files by name; null where several share it. */
function uniqueByName(files: readonly Candidate[]): Map<string, Candidate | null> {
  const byName = new Map<string, Candidate | null>();
  for (const file of files) {
    const name = basename(file.path);
    byName.set(name, byName.has(name) ? null : file);
  }
  return byName;
}

/** The better match first; a missing one last. */
function compareMatches(one: Match | undefined, other: Match | undefined): number {
  if (!one) return other ? 1 : 0;
  if (!other) return -1;
  if (one.score === other.score) return Number(other.sameName) - Number(one.sameName);
  return other.score - one.score;
}
