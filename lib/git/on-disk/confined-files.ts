import { constants } from "node:fs";
import { lstat, open, readdir, realpath, stat } from "node:fs/promises";
import { sep } from "node:path";

interface Bounds {
  /** Of all files together. */
  bytes: number;
  /** Of one index of a pack, which is parsed in one go. */
  indexBytes: number;
}

function refuse(): Promise<never> {
  return Promise.reject(new Error("The folder is only read."));
}

/** The file system as isomorphic-git wants one: it reads below one folder, through no link that leads out of it, and within bounds. */
export class ConfinedFiles {
  /** True once something was not read for its size; the library takes that for a file that is not there. */
  isTooLarge = false;
  #left: number;
  readonly promises = {
    readFile: (path: string, options?: { encoding?: BufferEncoding } | BufferEncoding) =>
      this.#readFile(path, typeof options === "string" ? options : options?.encoding),
    readdir: async (path: string) => readdir(await this.#inside(path)),
    stat: async (path: string) => stat(await this.#inside(path)),
    lstat: async (path: string) => lstat(await this.#inside(path)),
    readlink: refuse,
    writeFile: refuse,
    mkdir: refuse,
    rmdir: refuse,
    unlink: refuse,
    symlink: refuse,
  };

  constructor(
    private readonly root: string,
    private readonly bounds: Bounds,
  ) {
    this.#left = bounds.bytes;
  }

  async #inside(path: string): Promise<string> {
    const real = await realpath(path);
    if (real === this.root || real.startsWith(this.root + sep)) return real;
    throw new Error("The path leads out of the repository.");
  }

  async #readFile(path: string, encoding: BufferEncoding | undefined): Promise<Buffer | string> {
    const real = await this.#inside(path);
    const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      if (!found.isFile()) throw new Error("This is no file.");
      const limit = real.endsWith(".idx") ? Math.min(this.bounds.indexBytes, this.#left) : this.#left;
      if (found.size > limit) {
        this.isTooLarge = true;
        throw new Error("The repository is too large.");
      }
      this.#left -= found.size;
      const bytes = await file.readFile();
      return encoding === undefined ? bytes : bytes.toString(encoding);
    } finally {
      await file.close();
    }
  }
}
