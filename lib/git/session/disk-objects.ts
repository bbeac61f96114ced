import { constants, type Dirent } from "node:fs";
import { open, readdir, readlink, realpath, stat } from "node:fs/promises";
import { hashObject } from "@/lib/archive/objects";
import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import { decodeName } from "../objects/bytes";
import { type Entry, makeTree, TREE_MODE } from "../objects/tree";
import { Pace } from "@/lib/runtime/pace";
import type { GitLimits } from "./limits";
import type { ObjectRemote } from "./object-remote";
import type { ObjectStore } from "./object-store";

const MAX_FILES = 500_000;
const SLASH = Buffer.from("/");

/**
 * A directory on disk as git objects. Links are never followed: one is an entry of mode 120000 whose content is its
 * target. Contents are hashed once and read again when they are asked for.
 */
export class DiskObjects implements ObjectRemote {
  #paths = new Map<Oid, { path: Buffer; isLink: boolean }>();
  #files = 0;
  readonly #pace: Pace;

  constructor(
    private readonly directory: string,
    private readonly store: ObjectStore,
    private readonly limits: GitLimits,
    signal: AbortSignal,
  ) {
    this.#pace = new Pace(signal);
  }

  /** Reads the whole directory; answers its tree and real path. Throws RemoteNotFound when it is not there. */
  async read(): Promise<{ root: string; tree: Oid }> {
    this.#paths = new Map();
    this.#files = 0;
    const root = await this.#root();
    const tree = (await this.#readFolder(Buffer.from(root), 0)) ?? this.store.putTree(makeTree([]));
    return { root, tree };
  }

  advertises(): boolean {
    return false;
  }

  /** Everything but contents is in memory; what is not there does not exist. */
  fetchCommits(): Promise<void> {
    return Promise.resolve();
  }

  fetchHistory(): Promise<boolean> {
    return Promise.resolve(false);
  }

  fetchTrees(): Promise<void> {
    return Promise.resolve();
  }

  async fetchBlobs(oids: readonly Oid[]): Promise<void> {
    for (const oid of oids) {
      const place = this.#paths.get(oid);
      if (!place) continue;
      const bytes = place.isLink
        ? await readlink(place.path, { encoding: "buffer" })
        : await this.#readFile(place.path);
      if (this.store.put("blob", bytes) !== oid) {
        throw new AppError(
          "UnreadableContent",
          `${place.path.toString()} changed while it was being read. Try again when nobody is writing to the directory.`,
        );
      }
      if (this.#pace.due) await this.#pace.rest();
    }
  }

  async #root(): Promise<string> {
    try {
      // The operator chose this place, so the way to it may lead through links.
      const root = await realpath(this.directory);
      if ((await stat(root)).isDirectory()) return root;
    } catch (cause) {
      throw this.#notFound(cause);
    }
    throw this.#notFound();
  }

  #notFound(cause?: unknown): AppError {
    return new AppError(
      "RemoteNotFound",
      `The directory ${this.directory} does not exist or cannot be read. Check DIRPATH, that the volume is mounted, and its permissions.`,
      undefined,
      { cause },
    );
  }

  async #readFolder(path: Buffer, depth: number): Promise<Oid | null> {
    if (depth > this.limits.depth) {
      throw new AppError(
        "TooLarge",
        `${this.directory} is nested deeper than ${String(this.limits.depth)} folders.`,
      );
    }
    const entries: Entry[] = [];
    // The types name strings only; with this encoding the names are bytes.
    const found = (await readdir(path, {
      withFileTypes: true,
      encoding: "buffer",
    })) as unknown as Dirent<Buffer>[];
    for (const item of found) {
      if (item.name.toString("latin1").toLowerCase() === ".git") continue;
      const entry = await this.#readEntry(item, Buffer.concat([path, SLASH, item.name]), depth);
      if (entry) entries.push({ name: decodeName(item.name), ...entry });
      if (this.#pace.due) await this.#pace.rest();
    }
    return entries.length === 0 ? null : this.store.putTree(makeTree(entries));
  }

  async #readEntry(
    item: Dirent<Buffer>,
    path: Buffer,
    depth: number,
  ): Promise<{ mode: string; oid: Oid } | null> {
    if (item.isDirectory()) {
      const oid = await this.#readFolder(path, depth + 1);
      return oid && { mode: TREE_MODE, oid };
    }
    // Sockets, pipes and devices are not content.
    if (!item.isFile() && !item.isSymbolicLink()) return null;
    if (++this.#files > MAX_FILES) {
      throw new AppError("TooLarge", `${this.directory} has more than ${String(MAX_FILES)} files.`);
    }
    const isLink = item.isSymbolicLink();
    const bytes = isLink ? await readlink(path, { encoding: "buffer" }) : await this.#readFile(path);
    const oid = hashObject("blob", bytes);
    this.#paths.set(oid, { path, isLink });
    if (isLink) return { mode: "120000", oid };
    const { mode } = await stat(path);
    return { mode: mode & 0o100 ? "100755" : "100644", oid };
  }

  async #readFile(path: Buffer): Promise<Buffer> {
    // A file that became a link since it was listed is not followed either.
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { size } = await file.stat();
      const limit = this.limits.pack.objectBytes;
      if (size > limit) {
        throw new AppError(
          "TooLarge",
          `${path.toString()} has ${String(size)} bytes; the limit is ${String(limit)}.`,
        );
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  }
}
