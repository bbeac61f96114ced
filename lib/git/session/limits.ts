import { PACK_LIMITS, type PackLimits } from "../pack/format";

/** What one session may cost. */
export interface GitLimits {
  pack: PackLimits;
  /** Refs below the prefixes that were asked for. */
  refs: number;
  refBytes: number;
  /** One blob that is read. */
  blobBytes: number;
  /** Files below one tree. */
  entries: number;
  /** Folders inside each other. */
  depth: number;
  /** What all sessions of a process may hold of packs. */
  processBytes: number;
  /** Blobs that are read at once, together. */
  readBytes: number;
}

export const GIT_LIMITS: GitLimits = {
  pack: PACK_LIMITS,
  refs: 200_000,
  refBytes: 32 * 1024 * 1024,
  blobBytes: 16 * 1024 * 1024,
  entries: 50_000,
  depth: 200,
  processBytes: 512 * 1024 * 1024,
  readBytes: 256 * 1024 * 1024,
};
