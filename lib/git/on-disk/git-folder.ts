import type { Oid } from "@/lib/domain/workspace";
import { packIndex } from "../pack/pack-index";
import { stagingFile, type StagedFile } from "./staging";

/** What a repository with a work tree holds. */
export interface GitFolder {
  /** The branch that is checked out. */
  branch: string;
  tip: Oid;
  /** All other refs by full name; each names a commit. */
  refs: ReadonlyMap<string, Oid>;
  pack: { chunks: readonly Buffer[]; oids: readonly Oid[] };
  /** The files of the commit that is checked out. */
  files: readonly StagedFile[];
  /** Patterns of files beside them that git leaves alone. */
  ignored: readonly string[];
}

// Many ways to unpack an archive lose the executable bit; that would count as a change of the file.
const CONFIG = `[core]
\trepositoryformatversion = 0
\tfilemode = false
\tbare = false
\tlogallrefupdates = true
`;

/** In one file, since names that differ in case alone could not lie side by side on every disk. */
function packedRefs(refs: ReadonlyMap<string, Oid>): string {
  const sorted = [...refs].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return [
    "# pack-refs with: peeled fully-peeled sorted ",
    ...sorted.map(([ref, oid]) => `${oid} ${ref}`),
    "",
  ].join("\n");
}

/** The files of a `.git` folder by their path in it; every git client opens the folder they lie in. */
export async function gitFolder(folder: GitFolder): Promise<{ path: string; bytes: Buffer }[]> {
  const { branch, tip, refs, pack, files, ignored } = folder;
  const name = `objects/pack/pack-${pack.chunks.at(-1)?.toString("hex") ?? ""}`;
  const text = (content: string) => Buffer.from(content, "utf8");
  return [
    { path: "HEAD", bytes: text(`ref: refs/heads/${branch}\n`) },
    { path: "config", bytes: text(CONFIG) },
    { path: "info/exclude", bytes: text(ignored.map((pattern) => `${pattern}\n`).join("")) },
    { path: `refs/heads/${branch}`, bytes: text(`${tip}\n`) },
    { path: "packed-refs", bytes: text(packedRefs(refs)) },
    { path: "index", bytes: stagingFile(files) },
    { path: `${name}.idx`, bytes: await packIndex(pack) },
    { path: `${name}.pack`, bytes: Buffer.concat(pack.chunks) },
  ];
}
