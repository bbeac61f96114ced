import { hashObject } from "@/lib/archive/objects";
import { NATIVE_REPOSITORY_ID } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import { serializeCommit } from "@/lib/git/objects/commit";
import type { StagedFile } from "@/lib/git/on-disk/staging";
import type { PackInput } from "@/lib/git/pack/pack-writer";
import type { ObjectSource, VersionRecord, WorkspaceRecord } from "@/lib/versioning/ports";
import { filesOfTree, type TreeFile } from "../../workspaces/tree-files";
import { presentMessage, versionMessage } from "./messages";
import { RefNames, refPart } from "./refs";
import type { Snapshot, Snapshots } from "./snapshots";

export const BRANCH = "main";

export interface HistoryInput {
  source: ObjectSource;
  record: WorkspaceRecord;
  /** The files as they are now. */
  files: readonly TreeFile[];
  /** Oldest first. */
  versions: readonly VersionRecord[];
  /** What users are called, by id. */
  names: ReadonlyMap<string, string>;
  snapshots: Snapshots;
}

/** A version for each commit, oldest first, and at the end what is in no version yet. */
export class Commits {
  /** Tags of the versions, and for each git repository a branch at the newest version there. */
  readonly refs = new Map<string, Oid>();
  tip: Oid | null = null;
  /** The files of the tip. */
  files: StagedFile[] = [];
  #tree: Oid | null = null;
  readonly #tags = new RefNames();
  readonly #branches = new RefNames([BRANCH]);
  readonly #branchOf = new Map<string, string>();

  constructor(private readonly input: HistoryInput) {}

  /** The objects of each commit; `refs` and `tip` are complete once all were read. */
  async *objects(): AsyncGenerator<PackInput[]> {
    const { source, snapshots, versions, files } = this.input;
    const trees = new Map<Oid, VersionRecord>();
    let gone: VersionRecord[] = [];
    for (const version of versions) {
      const stored = await filesOfTree(source, version.tree);
      const snapshot = stored && (await snapshots.next(stored));
      if (!snapshot) {
        gone.push(version);
        continue;
      }
      yield this.#commit(snapshot, versionMessage(version, gone), version.createdBy, version.createdAt);
      gone = [];
      trees.set(snapshot.tree, version);
      this.#point(version);
    }
    const present = await snapshots.next(files);
    if (!present) return;
    if (present.tree === this.#tree && gone.length === 0) return;
    const { updatedBy, updatedAt } = this.input.record;
    yield this.#commit(present, presentMessage(trees.get(present.tree), gone), updatedBy, updatedAt);
  }

  #commit({ tree, files, objects }: Snapshot, message: string, userId: string, date: string): PackInput[] {
    const bytes = serializeCommit({
      tree,
      parents: this.tip === null ? [] : [this.tip],
      author: {
        name: this.input.names.get(userId) ?? "Deleted user",
        // Addresses of users are shown to super admins alone.
        email: `${userId}@users.switchyard.invalid`,
      },
      date: new Date(date),
      message,
    });
    const oid = hashObject("commit", bytes);
    this.tip = oid;
    this.files = files;
    this.#tree = tree;
    return [...objects, { oid, type: "commit", bytes }];
  }

  #point({ name, repositoryId }: VersionRecord): void {
    if (this.tip === null) return;
    this.refs.set(`refs/tags/${this.#tags.take(name, refPart(repositoryId))}`, this.tip);
    if (repositoryId === NATIVE_REPOSITORY_ID) return;
    const branch = this.#branchOf.get(repositoryId) ?? this.#branches.take(repositoryId, "repository");
    this.#branchOf.set(repositoryId, branch);
    this.refs.set(`refs/heads/${branch}`, this.tip);
  }
}
