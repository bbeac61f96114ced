import type { Oid } from "@/lib/domain/workspace";
import { inHashOrder } from "../renames/order";
import { emptySide, type BothSides, type SidePaths } from "../renames/pairs";
import {
  canonicalMode,
  compareBytes,
  isDirectory,
  isSame,
  join,
  otherSide,
  SIDES,
  type MergeObjects,
  type SideName,
  type Slot,
  type Versions,
} from "../types";

/** All that differs between three trees. */
export interface Differences {
  /** Files and directories that need no further look, by path. */
  settled: Map<string, Slot>;
  files: Map<string, Versions>;
  sides: BothSides<SidePaths>;
}

type Three = [base: Slot | null, ours: Slot | null, theirs: Slot | null];
/** Below a directory that one side removed: the other side; "relevant" once that side added a file there. */
type Watch = SideName | "relevant" | null;

interface Deferred {
  path: string;
  three: Three;
  watch: Watch;
}

/** Paths of generated files, which are never followed as renames. */
export type Generated = ReadonlySet<string>;

/** Walks three trees, skipping what is equal. Order and laziness are git's: both decide which renames it sees. */
export async function differences(
  objects: MergeObjects,
  trees: { base: Oid | null; ours: Oid | null; theirs: Oid | null },
  generated: Generated,
): Promise<Differences> {
  const walk = new Walk(objects, generated);
  const root = (oid: Oid | null) => (oid === null ? null : { mode: "40000", oid });
  await walk.run([root(trees.base), root(trees.ours), root(trees.theirs)]);
  return walk.found;
}

class Walk {
  readonly found: Differences = {
    settled: new Map(),
    files: new Map(),
    sides: { ours: emptySide(), theirs: emptySide() },
  };
  private readonly deferred: BothSides<Deferred[]> = { ours: [], theirs: [] };
  private readonly mayDefer: BothSides<boolean> = { ours: true, theirs: true };

  constructor(
    private readonly objects: MergeObjects,
    private readonly generated: Generated,
  ) {}

  async run(root: Three): Promise<void> {
    await this.descend("", root, null);
    for (const side of SIDES) {
      // Without a file to trace, whatever only this side changed is taken as it is.
      this.mayDefer[side] = this.found.sides[side].relevant.size === 0;
      const directories = new Map(this.deferred[side].map((entry) => [entry.path, entry]));
      for (const path of inHashOrder(directories.keys())) {
        const entry = directories.get(path);
        if (!entry) continue;
        if (this.mayDefer[side]) this.settle(path, side === "ours" ? entry.three[1] : entry.three[2]);
        else await this.descend(path, entry.three, entry.watch);
      }
    }
  }

  private settle(path: string, slot: Slot | null): void {
    if (slot) this.found.settled.set(path, slot);
  }

  private async descend(directory: string, three: Three, watch: Watch): Promise<void> {
    const names = await this.children(three);
    let watching = watch;
    if (watch === "ours" || watch === "theirs") {
      const isAdded = (child: Three) => onlySideWithFile(child) === watch;
      if (names.some(([, child]) => isAdded(child))) watching = "relevant";
    }
    for (const [name, child] of names) await this.visit(directory, join(directory, name), child, watching);
  }

  /** The entries of up to three directories by name, in the order git walks them. */
  private async children(three: Three): Promise<[string, Three][]> {
    const byName = new Map<string, Three>();
    for (const [index, slot] of three.entries()) {
      if (!slot || !isDirectory(slot.mode)) continue;
      for (const { name, mode, oid } of await this.objects.readTree(slot.oid)) {
        const child = byName.get(name) ?? [null, null, null];
        child[index] = { mode: canonicalMode(mode), oid };
        byName.set(name, child);
      }
    }
    return [...byName]
      .map(([name, child]) => ({ name, child, key: sortKey(name, child) }))
      .sort((one, other) => compareBytes(one.key, other.key))
      .map(({ name, child }) => [name, child]);
  }

  private async visit(directory: string, path: string, three: Three, watch: Watch): Promise<void> {
    const [base, ours, theirs] = three;
    if (isSame(base, ours) && isSame(base, theirs)) {
      this.settle(path, base);
      return;
    }
    const files = three.map(asFile) as Three;
    if (files.every((file) => file !== null)) {
      const [base, ours, theirs] = files;
      const isTheirs = isSame(ours, theirs) || isSame(base, ours);
      if (isTheirs || isSame(base, theirs)) {
        this.settle(path, isTheirs ? theirs : ours);
        return;
      }
    }
    const below = this.watchBelow(three, watch);
    this.note(directory, path, three, files, below);
    if (files.some((file) => file !== null)) {
      this.found.files.set(path, { path, base: files[0], ours: files[1], theirs: files[2] });
    }
    if (!three.some((slot) => slot && isDirectory(slot.mode))) return;
    const side = onlyChangedBy(three);
    if (side && below !== "relevant" && this.mayDefer[side]) {
      this.deferred[side].push({ path, three, watch: below });
    } else {
      await this.descend(path, three, below);
    }
  }

  private watchBelow(three: Three, watch: Watch): Watch {
    if (watch === "relevant") return watch;
    const [base, ours, theirs] = three.map(asDirectory);
    if (base && ours && !theirs) return "ours";
    if (base && !ours && theirs) return "theirs";
    return watch;
  }

  /** Remembers what a rename could start from or lead to. */
  private note(directory: string, path: string, three: Three, files: Three, watch: Watch): void {
    this.noteDirectory(path, three, watch);
    const [base, ours, theirs] = files;
    const added = onlySideWithFile(files);
    if (watch === "relevant" && added) {
      this.found.sides[otherSide(added)].removedDirectories.set(directory, "itself");
    }
    if (this.generated.has(path) || (base && ours && theirs)) return;
    for (const side of SIDES) {
      const own = side === "ours" ? ours : theirs;
      const other = side === "ours" ? theirs : ours;
      const found = this.found.sides[side];
      if (base && !own) {
        found.deleted.push({ path, ...base });
        if (!isSame(base, other)) found.relevant.set(path, "content");
        else if (watch === "relevant") found.relevant.set(path, "location");
      } else if (!base && own) found.added.push({ path, ...own });
    }
  }

  private noteDirectory(path: string, three: Three, watch: Watch): void {
    const [base, ours, theirs] = three.map(asDirectory);
    if (!base || (ours && theirs)) return;
    const removal = watch === "relevant" ? "below" : "irrelevant";
    if (!ours) this.found.sides.ours.removedDirectories.set(path, removal);
    if (!theirs) this.found.sides.theirs.removedDirectories.set(path, removal);
  }
}

function asFile(slot: Slot | null): Slot | null {
  return slot && !isDirectory(slot.mode) ? slot : null;
}

function asDirectory(slot: Slot | null): Slot | null {
  return slot && isDirectory(slot.mode) ? slot : null;
}

/** A directory sorts as if its name ended in a slash, unless a file elsewhere has its name. */
function sortKey(name: string, three: Three): string {
  return three.some((slot) => asFile(slot) !== null) ? name : `${name}/`;
}

function onlySideWithFile([base, ours, theirs]: Three): SideName | null {
  if (asFile(base)) return null;
  const own = asFile(ours);
  const other = asFile(theirs);
  if (own && !other) return "ours";
  return other && !own ? "theirs" : null;
}

/** The side that alone changed a path, or alone has a new directory there. */
function onlyChangedBy(three: Three): SideName | null {
  const [base, ours, theirs] = three;
  if (isSame(base, ours)) return "theirs";
  if (isSame(base, theirs)) return "ours";
  if (three.some((slot) => asFile(slot) !== null) || base) return null;
  if (ours && !theirs) return "ours";
  return theirs && !ours ? "theirs" : null;
}
