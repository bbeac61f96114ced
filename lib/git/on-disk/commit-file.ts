import * as fs from "node:fs";
import { dirname } from "node:path/posix";
import * as git from "isomorphic-git";

/** A change of one file on a branch. */
export interface FileCommit {
  /** The full name of a branch, such as `refs/heads/main`. */
  ref: string;
  path: string;
  edit: (text: string) => string;
  author: { name: string; email: string };
  message: string;
}

/** Makes a bare repository; one that exists keeps what it holds. */
export async function createBareRepository(gitdir: string, branch: string): Promise<void> {
  await git.init({ fs, gitdir, bare: true, defaultBranch: branch });
  // An init that was cut off has its config but no HEAD, and would never get one.
  await git.writeRef({ fs, gitdir, ref: "HEAD", value: `refs/heads/${branch}`, symbolic: true, force: true });
}

/** The tree with one of its files replaced, written folder by folder up to the root. */
async function withFile(gitdir: string, root: string, path: string, blob: string): Promise<string> {
  let oid = blob;
  for (let at = path; at !== "."; at = dirname(at)) {
    const folder = dirname(at);
    const { tree } = await git.readTree({
      fs,
      gitdir,
      oid: root,
      ...(folder === "." ? {} : { filepath: folder }),
    });
    const name = at.slice(folder === "." ? 0 : folder.length + 1);
    oid = await git.writeTree({
      fs,
      gitdir,
      tree: tree.map((entry) => (entry.path === name ? { ...entry, oid } : entry)),
    });
  }
  return oid;
}

/**
 * Commits a change of one file to a repository on disk, as a client would that shares no code with this server.
 * An edit that changes nothing makes no commit. Throws when the branch or the file does not exist.
 */
export async function commitFile(
  gitdir: string,
  { ref, path, edit, author, message }: FileCommit,
): Promise<void> {
  const tip = await git.resolveRef({ fs, gitdir, ref });
  const { blob } = await git.readBlob({ fs, gitdir, oid: tip, filepath: path });
  const before = Buffer.from(blob).toString("utf8");
  const after = edit(before);
  if (after === before) return;
  const oid = await git.writeBlob({ fs, gitdir, blob: Buffer.from(after, "utf8") });
  const tree = await withFile(gitdir, tip, path, oid);
  await git.commit({ fs, gitdir, ref, parent: [tip], tree, author, message });
}
