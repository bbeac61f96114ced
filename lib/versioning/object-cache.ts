import type { Oid } from "@/lib/domain/workspace";
import type { GitObject, ObjectSource } from "./ports";

/** Of all objects held; a push reads each file for its checksum, its line count and the pack. */
const CACHE_BYTES = 32 * 1024 * 1024;

/** Reads objects from their source once, as long as the latest of them fit into memory set aside. */
export class ObjectCache implements ObjectSource {
  readonly #held = new Map<Oid, GitObject>();
  #bytes = 0;

  constructor(
    private readonly source: ObjectSource,
    private readonly limit: number = CACHE_BYTES,
  ) {}

  async readObjects(oids: readonly Oid[]): Promise<Map<Oid, GitObject>> {
    const found = new Map<Oid, GitObject>();
    const missing: Oid[] = [];
    for (const oid of oids) {
      const object = this.#held.get(oid);
      if (object) found.set(oid, object);
      else missing.push(oid);
    }
    if (missing.length === 0) return found;
    for (const [oid, object] of await this.source.readObjects(missing)) {
      found.set(oid, object);
      this.#hold(oid, object);
    }
    return found;
  }

  #hold(oid: Oid, object: GitObject): void {
    if (object.bytes.length > this.limit / 4 || this.#held.has(oid)) return;
    this.#held.set(oid, object);
    this.#bytes += object.bytes.length;
    for (const [oldest, { bytes }] of this.#held) {
      if (this.#bytes <= this.limit) break;
      this.#held.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }
}
