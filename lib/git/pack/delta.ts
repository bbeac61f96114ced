import { commonPrefix, commonSuffix } from "../objects/common-bytes";
import { damaged } from "./format";

/** What a delta's header says: the size of its base and of its result. */
export function deltaSizes(delta: Buffer): { base: number; result: number; start: number } {
  const base = readSize(delta, 0);
  const result = readSize(delta, base.next);
  return { base: base.value, result: result.value, start: result.next };
}

/** The result of a delta on its base. Throws when it reads outside the base or does not fill its result. */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  const sizes = deltaSizes(delta);
  if (sizes.base !== base.length) throw damaged("a delta for another object");
  const result = Buffer.allocUnsafe(sizes.result);
  let at = sizes.start;
  let written = 0;
  while (at < delta.length) {
    const command = delta[at++] ?? 0;
    let source = delta;
    let from = at;
    let size = command;
    if (command & 0x80) {
      const copy = readCopy(delta, at, command);
      source = base;
      from = copy.offset;
      size = copy.size;
      at = copy.next;
    } else {
      at += size;
    }
    if (size === 0 || from + size > source.length || written + size > result.length) {
      throw damaged("a delta that reaches outside its base");
    }
    source.copy(result, written, from, from + size);
    written += size;
  }
  if (written !== result.length) throw damaged("a delta that is too short");
  return result;
}

/**
 * A delta that keeps what both ends have in common and carries the middle; null when it would save less than half.
 * Made for trees and manifests, where one edit leaves the rest as it was.
 */
export function makeDelta(base: Buffer, result: Buffer): Buffer | null {
  const prefix = commonPrefix(base, result);
  const suffix = commonSuffix(base, result, prefix);
  const middle = result.subarray(prefix, result.length - suffix);
  if (middle.length * 2 > result.length) return null;
  return Buffer.concat([
    sizeBytes(base.length),
    sizeBytes(result.length),
    ...copies(0, prefix),
    ...literals(middle),
    ...copies(base.length - suffix, suffix),
  ]);
}

function readSize(bytes: Buffer, start: number): { value: number; next: number } {
  let value = 0;
  let factor = 1;
  for (let at = start; at < bytes.length && at < start + 8; at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * factor;
    if (!(byte & 0x80)) return { value, next: at + 1 };
    factor *= 128;
  }
  throw damaged("a delta without sizes");
}

function readCopy(delta: Buffer, start: number, command: number) {
  let next = start;
  const number = (bits: number, from: number) => {
    let value = 0;
    for (let bit = 0; bit < bits; bit++) {
      if (command & (1 << (from + bit))) value += (delta[next++] ?? 0) * 256 ** bit;
    }
    return value;
  };
  const offset = number(4, 0);
  const size = number(3, 4) || 0x10000;
  return { offset, size, next };
}

function sizeBytes(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Buffer.from(bytes);
}

function* copies(offset: number, length: number): Generator<Buffer> {
  for (let done = 0; done < length;) {
    const size = Math.min(length - done, 0xffff);
    const bytes = [0x80];
    let flags = 0x80;
    const put = (value: number, flag: number) => {
      for (let bit = 0, rest = value; rest > 0; bit++, rest = Math.floor(rest / 256)) {
        if (rest % 256 === 0) continue;
        bytes.push(rest % 256);
        flags |= flag << bit;
      }
    };
    put(offset + done, 0x01);
    put(size, 0x10);
    bytes[0] = flags;
    yield Buffer.from(bytes);
    done += size;
  }
}

function* literals(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 127) {
    const part = bytes.subarray(at, at + 127);
    yield Buffer.of(part.length);
    yield part;
  }
}
