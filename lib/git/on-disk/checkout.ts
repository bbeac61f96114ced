import { lstat } from "node:fs/promises";
import { join } from "node:path";
import * as git from "isomorphic-git";
import { hashObject } from "@/lib/archive/objects";
import type { Oid } from "@/lib/domain/workspace";
import { parseCommit, type ParsedCommit } from "../objects/commit";
import { ConfinedFiles } from "./confined-files";

/** What a directory on disk says of where its content comes from. */
export type Checkout =
  | { kind: "none" }
  | { kind: "commit"; commit: ParsedCommit; bytes: Buffer }
  /** It belongs to a repository whose commit cannot be named; `reason` is a sentence. */
  | { kind: "unknown"; reason: string };

// Packs are read whole. The commit is no part of what is imported, so what costs more is left unnamed.
const BOUNDS = { bytes: 64 * 1024 * 1024, indexBytes: 2 * 1024 * 1024 };

const NOT_A_FOLDER =
  "Its .git is a file or a link, as in a linked worktree or a submodule, so the commit is not named.";
const NO_COMMIT = "Its .git folder has no commit that can be read.";
const TOO_LARGE = "Its repository is too large to look up the commit.";

/** A commit for people: its short id, author and subject. */
export function nameOfCommit({ oid, authorName, message }: ParsedCommit): string {
  const [subject = ""] = message.trim().split("\n");
  return `commit ${oid.slice(0, 7)} by ${authorName || "an unknown author"}: ${subject.slice(0, 200) || "no message"}`;
}

async function kindOf(path: string): Promise<"folder" | "other" | "none"> {
  try {
    return (await lstat(path)).isDirectory() ? "folder" : "other";
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "none";
    return "other";
  }
}

/** The commit that is checked out in a directory, of which `root` is the real path. Reads nothing outside its `.git` folder. */
export async function readCheckout(root: string, bounds = BOUNDS): Promise<Checkout> {
  const gitdir = join(root, ".git");
  const kind = await kindOf(gitdir);
  if (kind === "none") return { kind };
  if (kind === "other") return { kind: "unknown", reason: NOT_A_FOLDER };
  const fs = new ConfinedFiles(gitdir, bounds);
  try {
    const head = await git.resolveRef({ fs, gitdir, ref: "HEAD" });
    // Deprecated for those who know the type; only this one gives the bytes, by which the id is checked.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const found = await git.readObject({ fs, gitdir, oid: head, format: "content" });
    const bytes = Buffer.from(found.object as Uint8Array);
    // The library believes what a pack says.
    if (found.type === "commit" && hashObject("commit", bytes) === head)
      return { kind: "commit", commit: parseCommit(head as Oid, bytes), bytes };
  } catch (error) {
    // Whatever is wrong with the repository: the files beside it are imported all the same.
    if (!(error instanceof Error)) throw error;
  }
  return { kind: "unknown", reason: fs.isTooLarge ? TOO_LARGE : NO_COMMIT };
}
