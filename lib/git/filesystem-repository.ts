import { AppError } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import type { OpenOptions, PushOutcome, RepositorySession } from "@/lib/versioning/ports";
import { serializeCommit } from "./objects/commit";
import { nameOfCommit, readCheckout, type Checkout } from "./on-disk/checkout";
import { DiskObjects } from "./session/disk-objects";
import type { GitLimits } from "./session/limits";
import type { ObjectStore } from "./session/object-store";
import { ObjectSession } from "./session/object-session";
import { directorySegments } from "./session/tree-editor";

/** In a sentence, where the content of a directory comes from; null where nothing is known of that. */
function originOf(checkout: Checkout, tree: Oid): string | null {
  if (checkout.kind === "none") return null;
  if (checkout.kind === "unknown") return checkout.reason;
  const { commit } = checkout;
  return `${commit.tree === tree ? "Checked out at" : "Changed since"} ${nameOfCommit(commit)}`;
}

/**
 * Opens a directory on disk as a repository of one commit: the one that is checked out there if the files are those of
 * that commit, else one whose id follows from the content.
 */
export async function openFilesystemRepository(
  repository: Repository,
  options: OpenOptions,
  limits: GitLimits,
): Promise<RepositorySession> {
  if (repository.scope !== "platform") {
    throw new AppError(
      "PermissionDenied",
      "Only a platform repository can be of type filesystem. Use a git repository.",
    );
  }
  const session = new FilesystemSession(repository, options, limits);
  await session.refresh();
  return session;
}

class FilesystemSession extends ObjectSession {
  readonly #disk: DiskObjects;
  #tip: Oid | null = null;
  override origin: string | null = null;

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
    const { root, tree } = await this.#disk.read();
    const checkout = await readCheckout(root);
    this.origin = originOf(checkout, tree);
    if (checkout.kind === "commit" && checkout.commit.tree === tree) {
      this.#tip = this.store.put("commit", checkout.bytes);
      return;
    }
    const isChanged = checkout.kind === "commit";
    const commit = {
      tree,
      parents: [],
      author: { name: "Filesystem", email: "filesystem@localhost" },
      date: new Date(0),
      message: `Content of a directory on disk${isChanged ? `\n\n${this.origin ?? ""}` : ""}`,
    };
    this.#tip = this.store.put("commit", serializeCommit(commit));
  }

  push(): Promise<PushOutcome> {
    return Promise.reject(
      new AppError(
        "RepositoryModeMismatch",
        `${this.repository.name} is a directory on disk, so it is read-only. Push to a git repository.`,
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
