import type { Oid } from "@/lib/domain/workspace";
import type { SideName } from "../types";

/** A file that one side deleted or added: where a rename may start or end. */
export interface Candidate {
  path: string;
  mode: string;
  oid: Oid;
}

/** Why a deleted file's new place matters: its content changed on the other side, or its directory moved. */
type Relevance = "content" | "location";

/**
 * Whether a directory that a side removed may have been renamed in a way that matters: not at all, because
 * the other side added files in a directory below, or in the directory itself.
 */
export type Removal = "irrelevant" | "below" | "itself";

/** What one side deleted and added, in the order git meets them. */
export interface SidePaths {
  deleted: Candidate[];
  added: Candidate[];
  relevant: Map<string, Relevance>;
  removedDirectories: Map<string, Removal>;
}

export type BothSides<T> = Record<SideName, T>;

export function emptySide(): SidePaths {
  return { deleted: [], added: [], relevant: new Map(), removedDirectories: new Map() };
}
