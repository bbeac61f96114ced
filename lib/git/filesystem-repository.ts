import { AppError } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import type { OpenOptions, PushOutcome, RepositorySession } from "@/lib/versioning/ports";
import { serializeCommit } from "./objects/commit";
import { DiskObjects } from "./session/disk-objects";
import type { GitLimits } from "./session/limits";
import type { ObjectStore } from "./session/object-store";
import { ObjectSession } from "./session/object-session";
import { directorySegments } from "./session/tree-editor";

/** Opens a directory on disk as a repository of one commit, whose id follows from its content. */
export async function openFilesystemRepository(
  repository: Repository,
  options: OpenOptions,
  limits: GitLimits,
): Promise<RepositorySession> {
  if (repository.scope !== "platform") {
    throw new AppError(
      "PermissionDenied",
      "Only a platform repository may be of type filesystem. Use a git repository.",
    );
  }
  const session = new FilesystemSession(repository, options, limits);
  await session.refresh();
  return session;
}

class FilesystemSession extends ObjectSession {
  readonly #disk: DiskObjects;
  #tip: Oid | null = null;

  constructor(repository: Repository, options: OpenOptions, limits: GitLimits) {
    let disk: DiskObjects | undefined;
    super(repository, options, limits, (store: ObjectStore) => {
      disk = new DiskObjects(repository.dirpath, store, limits, options.signal);
      return disk;
    });
    if (!disk) throw new Error("A session makes its remote when it is made.");
    this.#disk = disk;
  }

  ref(name: string): Oid | null {
    return name === this.#branch ? this.#tip : null;
  }

  refs(prefix: string): Map<string, Oid> {
    return new Map(this.#tip && this.#branch.startsWith(prefix) ? [[this.#branch, this.#tip]] : []);
  }

  async refresh(): Promise<void> {
    const tree = await this.#disk.read();
    const commit = {
      tree,
      parents: [],
      author: { name: "Filesystem", email: "filesystem@localhost" },
      date: new Date(0),
      message: "Content of a directory on disk",
    };
    this.#tip = this.store.put("commit", serializeCommit(commit));
  }

  push(): Promise<PushOutcome> {
    return Promise.reject(
      new AppError(
        "RepositoryModeMismatch",
        `${this.repository.name} is a directory on disk, which is read only. Push to a git repository.`,
        { repositoryId: this.repository.id },
      ),
    );
  }

  get #branch(): string {
    return `refs/heads/${this.repository.branch}`;
  }

  /** The port names directories by their place on disk; the commit's root is the repository's own directory. */
  protected override segments(directory: string): string[] {
    const { dirpath } = this.repository;
    if (directory === dirpath) return [];
    return directorySegments(
      directory.startsWith(`${dirpath}/`) ? directory.slice(dirpath.length + 1) : directory,
    );
  }
}
