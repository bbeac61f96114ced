import { createHash } from "node:crypto";
import { hashObject } from "@/lib/archive/objects";
import type { Oid } from "@/lib/domain/workspace";
import type { GitObject, ObjectType } from "@/lib/versioning/ports";
import { asBuffer } from "../objects/bytes";
import { Pace } from "@/lib/runtime/pace";
import { applyDelta, deltaSizes } from "./delta";
import { checkHeader, damaged, OFS_DELTA, type PackLimits, REF_DELTA, tooLarge, typeOfCode } from "./format";
import { inflateAt, inflateKnown } from "./inflate";

const CACHE_BYTES = 48 * 1024 * 1024;
/** Of all that is built to index a pack, objects that are built again included: so many times its objects. */
const MOST_REBUILDING = 4;
/** About what the index of a pack takes for each object. */
const SLOT_BYTES = 300;

interface Slot {
  /** Where the compressed bytes start. */
  start: number;
  size: number;
  type: ObjectType | null;
  /** Another slot, an object outside the pack, or nothing for a whole object. */
  base: number | Oid | null;
  depth: number;
  /** The bytes of it and of everything that it is built on. */
  chain: number;
}

export interface PackContext {
  limits: PackLimits;
  /** An object that a thin pack may build on. */
  outside: (oid: Oid) => GitObject | undefined;
  signal?: AbortSignal;
  /** Told before memory is taken; throws when there is none left. */
  take?: (bytes: number) => void;
}

/** A pack in memory: its compressed bytes and where each object starts. Objects are inflated when they are read. */
export class Pack {
  readonly #slots: Slot[] = [];
  readonly #byOid = new Map<Oid, number>();
  readonly #byOffset = new Map<number, number>();
  readonly #cache = new Map<number, Buffer>();
  #cached = 0;
  #total = 0;
  #built = 0;

  private constructor(
    private readonly bytes: Buffer,
    private readonly context: PackContext,
  ) {}

  /** Checks and indexes a pack. Throws RemoteUnreachable when it is damaged, TooLarge beyond the limits. */
  static async open(bytes: Buffer, context: PackContext): Promise<Pack> {
    const pack = new Pack(bytes, context);
    await pack.#index();
    return pack;
  }

  get size(): number {
    return this.#byOid.size;
  }

  oids(): IterableIterator<Oid> {
    return this.#byOid.keys();
  }

  typeOf(oid: Oid): ObjectType | undefined {
    const index = this.#byOid.get(oid);
    return index === undefined ? undefined : (this.#slots[index]?.type ?? undefined);
  }

  /** The object's size without inflating it. */
  sizeOf(oid: Oid): number | undefined {
    const index = this.#byOid.get(oid);
    return index === undefined ? undefined : this.#slots[index]?.size;
  }

  /** The object of that id, when it is in this pack. */
  read(oid: Oid): GitObject | undefined {
    const index = this.#byOid.get(oid);
    if (index === undefined) return undefined;
    const type = this.#slots[index]?.type;
    return type ? { type, bytes: this.#content(index) } : undefined;
  }

  async #index(): Promise<void> {
    const { limits, signal } = this.context;
    const end = this.bytes.length - 20;
    if (this.bytes.length > limits.packBytes) throw tooLarge("the pack has too many bytes", limits.packBytes);
    if (end < 12) throw damaged("no pack header");
    const count = checkHeader(this.bytes, limits);
    // The smallest entry is one byte of header and eight of zlib.
    if (count * 9 > end - 12) throw damaged("fewer objects than announced");
    this.context.take?.(count * SLOT_BYTES);
    const pace = new Pace(signal);
    await this.#checkTrailer(end, pace);
    let at = 12;
    const waiting: number[] = [];
    for (let index = 0; index < count; index++) {
      at = await this.#scan(at, end, index);
      if (this.#settle(index) === null) waiting.push(index);
      if (pace.due) await pace.rest();
    }
    if (at !== end) throw damaged("bytes after the last object");
    await this.#settleWaiting(waiting, pace);
    this.#byOffset.clear();
  }

  async #checkTrailer(end: number, pace: Pace): Promise<void> {
    const hash = createHash("sha1");
    for (let at = 0; at < end; at += 1 << 20) {
      hash.update(this.bytes.subarray(at, Math.min(at + (1 << 20), end)));
      if (pace.due) await pace.rest();
    }
    if (!hash.digest().equals(this.bytes.subarray(end))) throw damaged("a wrong checksum");
  }

  /** Reads one entry; answers where the next one starts. */
  async #scan(offset: number, end: number, index: number): Promise<number> {
    const { limits } = this.context;
    let at = offset;
    let byte = this.bytes[at++] ?? 0;
    const code = (byte >> 4) & 7;
    let size = byte & 15;
    for (let factor = 16; byte & 0x80; factor *= 128) {
      if (at >= end || factor > 2 ** 46) throw damaged("a broken object header");
      byte = this.bytes[at++] ?? 0;
      size += (byte & 0x7f) * factor;
    }
    if (size > limits.objectBytes) throw tooLarge("one object has too many bytes", limits.objectBytes);
    let base: Slot["base"] = null;
    if (code === OFS_DELTA) {
      byte = this.bytes[at++] ?? 0;
      let distance = byte & 0x7f;
      while (byte & 0x80) {
        if (at >= end || distance > 2 ** 40) throw damaged("a broken object header");
        byte = this.bytes[at++] ?? 0;
        distance = (distance + 1) * 128 + (byte & 0x7f);
      }
      base = this.#byOffset.get(offset - distance) ?? null;
      if (base === null) throw damaged("a delta without its base");
    } else if (code === REF_DELTA) {
      base = this.bytes.toString("hex", at, at + 20) as Oid;
      at += 20;
    }
    const inflated = await inflateAt(this.bytes, at, end, size);
    let full = size;
    if (base !== null) {
      full = deltaSizes(inflated.bytes).result;
      if (full > limits.objectBytes) throw tooLarge("one object has too many bytes", limits.objectBytes);
    }
    this.#total += size + (base === null ? 0 : full);
    if (this.#total > limits.totalBytes) throw tooLarge("its objects have too many bytes", limits.totalBytes);
    this.#slots.push({
      start: at,
      size: full,
      type: base === null ? typeOfCode(code) : null,
      base,
      depth: 0,
      chain: full,
    });
    this.#byOffset.set(offset, index);
    if (base === null) this.#keep(index, inflated.bytes);
    return at + inflated.consumed;
  }

  /** Finds type and id of an object; null while the base of its delta is not known. */
  #settle(index: number): Oid | null {
    const { limits } = this.context;
    const slot = this.#slots[index];
    if (!slot) return null;
    if (slot.base !== null) {
      const base = this.#baseOf(slot);
      if (!base) return null;
      slot.type = base.type;
      slot.depth = base.depth + 1;
      slot.chain += base.chain;
      if (slot.depth > limits.deltaDepth) throw damaged("a delta chain that is too long");
      if (slot.chain > limits.chainBytes)
        throw tooLarge("an object is built on too many others", limits.chainBytes);
    }
    if (!slot.type) return null;
    const oid = hashObject(slot.type, this.#content(index));
    this.#byOid.set(oid, index);
    const most = MOST_REBUILDING * limits.totalBytes;
    if (this.#built > most) throw tooLarge("its objects take too long to build", most);
    return oid;
  }

  #baseOf(slot: Slot): { type: ObjectType; depth: number; chain: number } | null {
    if (typeof slot.base === "string") {
      const inside = this.#byOid.get(slot.base);
      if (inside !== undefined) slot.base = inside;
      else {
        const outside = this.context.outside(slot.base);
        return outside ? { type: outside.type, depth: 0, chain: outside.bytes.length } : null;
      }
    }
    const base = typeof slot.base === "number" ? this.#slots[slot.base] : undefined;
    return base?.type ? { type: base.type, depth: base.depth, chain: base.chain } : null;
  }

  /** Deltas whose base comes later in the pack: each is looked at again once its base is there. */
  async #settleWaiting(waiting: readonly number[], pace: Pace): Promise<void> {
    const dependents = new Map<number | Oid, number[]>();
    const open: number[] = [];
    for (const index of waiting) {
      const slot = this.#slots[index];
      if (!slot || slot.base === null) continue;
      if (this.#baseOf(slot)) open.push(index);
      else {
        const siblings = dependents.get(slot.base);
        if (siblings) siblings.push(index);
        else dependents.set(slot.base, [index]);
      }
      if (pace.due) await pace.rest();
    }
    let left = waiting.length;
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      const oid = this.#settle(index);
      if (oid === null) continue;
      left--;
      for (const base of [index, oid]) {
        for (const dependent of dependents.get(base) ?? []) open.push(dependent);
        dependents.delete(base);
      }
      if (pace.due) await pace.rest();
    }
    if (left > 0) throw damaged("a delta without its base");
  }

  /** The bytes of a settled slot; the chain is walked without recursion, since a stranger chose its length. */
  #content(index: number): Buffer {
    const chain: number[] = [];
    let content: Buffer | undefined;
    let outside: Oid | null = null;
    for (let at: number | null = index; at !== null;) {
      content = this.#cache.get(at);
      if (content) break;
      chain.push(at);
      const base: Slot["base"] = this.#slots[at]?.base ?? null;
      if (typeof base === "string") outside = base;
      at = typeof base === "number" ? base : null;
    }
    if (!content && outside !== null) {
      const object = this.context.outside(outside);
      if (!object) throw damaged("a delta without its base");
      content = asBuffer(object.bytes);
    }
    for (const at of chain.reverse()) {
      const slot = this.#slots[at];
      if (!slot) throw damaged("a missing object");
      const own = inflateKnown(this.bytes, slot.start, slot.size);
      content = slot.base === null || !content ? own : applyDelta(content, own);
      this.#built += content.length;
      this.#keep(at, content);
    }
    if (!content) throw damaged("a missing object");
    return content;
  }

  #keep(index: number, content: Buffer): void {
    if (content.length > CACHE_BYTES / 2 || this.#cache.has(index)) return;
    this.#cache.set(index, content);
    this.#cached += content.length + 100;
    for (const [oldest, bytes] of this.#cache) {
      if (this.#cached <= CACHE_BYTES) break;
      this.#cache.delete(oldest);
      this.#cached -= bytes.length + 100;
    }
  }
}
