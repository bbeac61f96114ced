import { invariant } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import type { PathConflict } from "@/lib/versioning/ports/repositories";
import { Effort, TooMuchEffort } from "./diff/effort";
import { buildTree, clashes } from "./paths/build";
import { markerSize, slotInMergedBases, type MergedBases } from "./paths/merged-bases";
import { conflictOf, planPath, type PathPlan } from "./paths/plan";
import { differences, type Differences } from "./paths/walk";
import { applyRenames } from "./renames/apply";
import { RenameDetection } from "./renames/detect";
import { directoryDoubts } from "./renames/directories";
import type { BothSides } from "./renames/pairs";
import { isBinary, mergeText } from "./text";
import {
  isSame,
  SIDES,
  type MergeObjects,
  type SideName,
  type Slot,
  type TreeMerge,
  type Versions,
} from "./types";

export interface TreeMergeInput {
  /** The tree both sides started from; null: nothing. */
  base: Oid | null;
  ours: Oid | null;
  theirs: Oid | null;
  /** Paths whose content is made anew after the merge: ours is kept instead of a conflict. */
  generated?: readonly string[] | undefined;
  /** Contents of the base that stand for something unknown: both sides have to agree there. */
  unknown?: ReadonlySet<Oid>;
  /** For a merge of merge bases, in which no conflict is one of the result. */
  bases?: MergedBases;
}

const EMPTY = new Uint8Array();
/** What comparing the contents of one merge may cost, so that no input holds up the server. */
const MOST_STEPS = 30_000_000;

/**
 * Git's merge of two trees: the tree git would write, or every path it would leave in conflict. Renames are
 * followed as git follows them; where that is not certain the answer is a conflict of kind "rename".
 */
export async function mergeTrees(objects: MergeObjects, input: TreeMergeInput): Promise<TreeMerge> {
  const { base, ours, theirs } = input;
  if (ours === theirs || base === theirs) return { kind: "merged", tree: ours };
  if (base === ours) return { kind: "merged", tree: theirs };
  const found = await differences(objects, { base, ours, theirs }, new Set(input.generated ?? []));
  return new TreeMerger(objects, found, input).merge();
}

class TreeMerger {
  private readonly conflicts: PathConflict[] = [];
  private readonly renames: BothSides<RenameDetection>;
  private readonly result: Map<string, Slot>;
  private readonly effort = new Effort(MOST_STEPS);
  private readonly generated: ReadonlySet<string>;
  private blobs: ReadonlyMap<Oid, Uint8Array> = new Map();
  private readonly written = new Map<Oid, Uint8Array>();

  constructor(
    private readonly objects: MergeObjects,
    private readonly found: Differences,
    private readonly input: TreeMergeInput,
  ) {
    this.generated = new Set(input.generated ?? []);
    this.result = new Map(found.settled);
    this.renames = {
      ours: new RenameDetection(found.sides.ours),
      theirs: new RenameDetection(found.sides.theirs),
    };
  }

  async merge(): Promise<TreeMerge> {
    const wanted = this.wanted();
    if (wanted.length > 0) this.blobs = await this.objects.readBlobs(wanted);
    this.followRenames();
    for (const versions of this.found.files.values()) this.mergePath(versions);
    for (const path of clashes(this.result)) {
      this.conflicts.push(conflictOf(this.versionsAt(path), "file/directory"));
    }
    if (this.conflicts.length > 0) return { kind: "conflict", conflicts: this.distinctConflicts() };
    return { kind: "merged", tree: buildTree(this.objects, this.result) };
  }

  /** Everything that may have to be compared, so that it is read in one go. */
  private wanted(): Oid[] {
    const oids = new Set<Oid>();
    for (const side of SIDES) for (const oid of this.renames[side].wanted()) oids.add(oid);
    const addVersions = (versions: Versions) => {
      const plan = planPath(versions);
      if (plan.kind !== "text") return;
      for (const oid of [plan.base, plan.ours, plan.theirs]) if (oid !== null) oids.add(oid);
    };
    for (const versions of this.found.files.values()) addVersions(versions);
    for (const oid of this.renamedBlobs()) oids.add(oid);
    return [...oids];
  }

  /** The versions of files that may have been renamed, and the places they may have gone to. */
  private renamedBlobs(): Oid[] {
    const oids: Oid[] = [];
    for (const side of SIDES) {
      const { added, deleted, relevant } = this.found.sides[side];
      const changed = deleted.filter((file) => relevant.get(file.path) === "content");
      if (changed.length === 0 || added.length === 0) continue;
      for (const { path } of changed) {
        const versions = this.found.files.get(path);
        for (const slot of [versions?.base, versions?.ours, versions?.theirs]) {
          if (slot && slot.mode !== "160000") oids.push(slot.oid);
        }
      }
      for (const file of added) if (file.mode !== "160000") oids.push(file.oid);
    }
    return oids;
  }

  private followRenames(): void {
    for (const side of SIDES) {
      if (this.findRenames(side)) continue;
      for (const [path, relevance] of this.found.sides[side].relevant) {
        if (relevance === "content") this.conflicts.push(conflictOf(this.versionsAt(path), "rename"));
      }
    }
    // Git does not follow directories when it merges merge bases.
    const doubts = this.input.bases ? [] : directoryDoubts(this.found.sides, this.renames);
    for (const { path } of doubts) this.conflicts.push(conflictOf(this.versionsAt(path), "rename"));
    const isOfBases = this.input.bases !== undefined;
    const merge = (versions: Versions) => this.mergeRenamed(versions);
    this.conflicts.push(...applyRenames(this.found.files, this.renames, { merge, isOfBases }));
  }

  private mergeRenamed(versions: Versions): Slot | null | "unknown" {
    const { bases } = this.input;
    if (bases) return this.mergeInBases(versions, markerSize(bases.depth, "rename"));
    if (this.isUnknown(versions)) return "unknown";
    const outcome = this.outcome(versions, planPath(versions));
    return "path" in outcome ? "unknown" : outcome.slot;
  }

  /** Answers false when there are too many files to compare. */
  private findRenames(side: SideName): boolean {
    try {
      this.renames[side].finish(this.blobs, this.effort);
      return true;
    } catch (error) {
      if (error instanceof TooMuchEffort) return false;
      throw error;
    }
  }

  private mergePath(versions: Versions): void {
    if (this.input.bases) {
      this.keep(versions.path, this.inMergedBases(this.input.bases, versions));
      return;
    }
    const outcome = this.isUnknown(versions)
      ? conflictOf(versions, "content")
      : this.outcome(versions, planPath(versions));
    if (!("path" in outcome)) this.keep(versions.path, outcome.slot);
    else if (this.generated.has(versions.path)) this.keep(versions.path, versions.ours ?? versions.theirs);
    else this.conflicts.push(outcome);
  }

  private inMergedBases(bases: MergedBases, versions: Versions): Slot | null {
    const found = this.mergeInBases(versions, markerSize(bases.depth, "path"));
    return found === "unknown" ? { mode: "100644", oid: bases.standIn(versions.path) } : found;
  }

  private mergeInBases(versions: Versions, markerSize: number): Slot | null | "unknown" {
    if (this.isUnknown(versions)) return "unknown";
    return slotInMergedBases(versions, {
      markerSize,
      effort: this.effort,
      bytes: (oid) => this.bytes(oid),
      putBlob: (bytes) => this.putBlob(bytes),
    });
  }

  /** Whether the base is not known and the sides do not agree; git might have followed a rename from it. */
  private isUnknown({ base, ours, theirs }: Versions): boolean {
    if (!base || !this.input.unknown?.has(base.oid)) return false;
    if (ours || theirs) return !isSame(ours, theirs);
    return SIDES.some((side) => this.found.sides[side].added.length > 0);
  }

  private keep(path: string, slot: Slot | null): void {
    if (slot) this.result.set(path, slot);
  }

  private outcome(versions: Versions, plan: PathPlan): PathConflict | { slot: Slot | null } {
    if (plan.kind === "settled") return plan;
    if (plan.kind === "conflict") return plan.conflict;
    const base = plan.base === null ? EMPTY : this.bytes(plan.base);
    const ours = this.bytes(plan.ours);
    const theirs = this.bytes(plan.theirs);
    if ([base, ours, theirs].some(isBinary)) return conflictOf(versions, "binary");
    const merged = mergeText(base, ours, theirs, { effort: this.effort });
    if (merged.kind === "conflict") return conflictOf(versions, versions.base ? "content" : "add/add");
    if (!plan.modeClean) return conflictOf(versions, versions.base ? "mode" : "add/add");
    return { slot: { mode: plan.mode, oid: this.objects.putBlob(merged.bytes) } };
  }

  /** Writes a content that may have to be merged once more. */
  private putBlob(bytes: Uint8Array): Oid {
    const oid = this.objects.putBlob(bytes);
    this.written.set(oid, bytes);
    return oid;
  }

  private bytes(oid: Oid): Uint8Array {
    const bytes = this.blobs.get(oid) ?? this.written.get(oid);
    invariant(bytes, `The content ${oid} is missing from what was read for the merge.`);
    return bytes;
  }

  private versionsAt(path: string): Versions {
    return this.found.files.get(path) ?? { path, base: null, ours: null, theirs: null };
  }

  private distinctConflicts(): PathConflict[] {
    const byPath = new Map<string, PathConflict>();
    for (const conflict of this.conflicts) {
      if (!byPath.has(conflict.path)) byPath.set(conflict.path, conflict);
    }
    return [...byPath.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
  }
}
