import type { Oid } from "@/lib/domain/workspace";
import type { MergeOutcome } from "@/lib/versioning/ports";
import { type MergeHistory, mergeCommits } from "@/lib/merge/recursive";
import type { MergeObjects } from "@/lib/merge/types";
import { asBuffer } from "../objects/bytes";
import { entriesOf, makeTree } from "../objects/tree";
import type { CommitGraph } from "./commit-graph";
import type { ObjectStore } from "./object-store";
import type { TreeReader } from "./tree-reader";

interface Parts {
  graph: CommitGraph;
  reader: TreeReader;
  store: ObjectStore;
  readBlobs: (oids: readonly Oid[]) => Promise<ReadonlyMap<Oid, Uint8Array>>;
}

/** Merges what two commits hold at one directory. */
export async function mergeAt(
  input: { ours: Oid; theirs: Oid; segments: readonly string[]; generated?: readonly string[] },
  { graph, reader, store, readBlobs }: Parts,
): Promise<MergeOutcome> {
  const treeAt = async (commit: Oid) => reader.directory((await graph.commit(commit)).tree, input.segments);
  const history: MergeHistory = {
    parents: (oid) => graph.parents(oid),
    date: (oid) => graph.date(oid),
    tree: treeAt,
  };
  const ours = await treeAt(input.ours);
  const objects: MergeObjects = {
    readTree: async (oid) => entriesOf(await reader.tree(oid)),
    readBlobs,
    putBlob: (bytes) => store.put("blob", asBuffer(bytes)),
    // Our side's tree is the likeliest to look like the result, so it is what a delta builds on.
    putTree: (entries) => store.putTree(makeTree(entries), ours ?? undefined),
  };
  const outcome = await mergeCommits(history, objects, input);
  return outcome.kind === "merged" ? { kind: "merged", subtree: outcome.tree } : outcome;
}
