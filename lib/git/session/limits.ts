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
}

export const GIT_LIMITS: GitLimits = {
  pack: PACK_LIMITS,
  refs: 200_000,
  refBytes: 64 * 1024 * 1024,
  blobBytes: 16 * 1024 * 1024,
  entries: 50_000,
  depth: 200,
};
