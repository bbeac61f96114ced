import { dirname, SIDES, otherSide, type SideName } from "../types";
import type { RenameDetection } from "./detect";
import type { BothSides, SidePaths } from "./pairs";

/** A path that a renamed directory of the other side puts in doubt. */
export interface DirectoryDoubt {
  path: string;
  side: SideName;
}

/**
 * The paths that git refuses to place because the other side moved their directory: files added to it, files
 * renamed into it, and directories whose files went to several places alike.
 */
export function directoryDoubts(
  paths: BothSides<SidePaths>,
  found: BothSides<RenameDetection>,
): DirectoryDoubt[] {
  const doubts: DirectoryDoubt[] = [];
  const moved: BothSides<Map<string, string>> = { ours: new Map(), theirs: new Map() };
  for (const side of SIDES) {
    for (const [from, to] of found[side].directories()) {
      if (to === null) doubts.push({ path: from, side });
      else moved[side].set(from, to);
    }
  }
  for (const from of [...moved.ours.keys()]) {
    if (moved.theirs.delete(from)) moved.ours.delete(from);
  }
  for (const side of SIDES) {
    for (const { path } of paths[side].added) {
      const to = movedTo(path, moved[otherSide(side)]);
      // Where its own side moved that directory on again, git leaves the file alone.
      if (to !== undefined && !moved[side].has(to)) doubts.push({ path, side });
    }
  }
  return doubts;
}

function movedTo(path: string, moved: ReadonlyMap<string, string>): string | undefined {
  for (let at = dirname(path); at !== ""; at = dirname(at)) {
    const to = moved.get(at);
    if (to !== undefined) return to;
  }
  return undefined;
}
