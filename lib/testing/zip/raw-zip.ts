import { crc32, deflateRawSync } from "node:zlib";

/** An entry written byte for byte as asked, so that archives no honest program makes can be made. */
export interface RawEntry {
  name: string | Buffer;
  content?: string | Buffer;
  method?: number;
  flags?: number;
  /** Unix mode with file type, such as 0o120777. */
  mode?: number;
  /** What the headers claim in place of the truth. */
  claims?: { size?: number; crc?: number; localName?: string };
  extra?: Buffer;
  /** Bytes that follow the compressed content and count as part of it. */
  tail?: string;
  /** Takes the content of the entry before, whose bytes both then share. */
  sharesPrevious?: boolean;
}

function header(entry: RawEntry, central: boolean, offset: number): { bytes: Buffer; data: Buffer } {
  const { method = 8, flags = 0x800, mode = 0o100644, claims = {}, extra = Buffer.alloc(0) } = entry;
  const content = Buffer.from(entry.content ?? "");
  const packed = method === 8 ? deflateRawSync(content) : content;
  const data = Buffer.concat([packed, Buffer.from(entry.tail ?? "")]);
  const name = Buffer.from(central ? entry.name : (claims.localName ?? entry.name));
  const fixed = Buffer.alloc(central ? 46 : 30);
  let at = fixed.writeUInt32LE(central ? 0x02014b50 : 0x04034b50, 0);
  if (central) at = fixed.writeUInt16LE((3 << 8) | 20, at);
  for (const value of [20, flags, method, 0, 0x21]) at = fixed.writeUInt16LE(value, at);
  const sizes = [claims.crc ?? crc32(content), data.length, claims.size ?? content.length];
  for (const value of sizes) at = fixed.writeUInt32LE(value, at);
  for (const value of [name.length, extra.length]) at = fixed.writeUInt16LE(value, at);
  if (central) {
    for (const value of [0, 0, 0]) at = fixed.writeUInt16LE(value, at);
    at = fixed.writeUInt32LE((mode << 16) >>> 0, at);
    fixed.writeUInt32LE(offset, at);
  }
  return { bytes: Buffer.concat([fixed, name, extra]), data };
}

/** The extra field in which Info-ZIP keeps the Unicode form of a name. */
export function unicodeName(raw: string | Buffer, name: string): Buffer {
  const text = Buffer.from(name);
  const head = Buffer.alloc(9);
  head.writeUInt16LE(0x7075, 0);
  head.writeUInt16LE(5 + text.length, 2);
  head.writeUInt8(1, 4);
  head.writeUInt32LE(crc32(Buffer.from(raw)), 5);
  return Buffer.concat([head, text]);
}

/** The end of an archive in the zip64 format. */
function end64(count: number, directoryBytes: number, offset: number): Buffer {
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  for (const at of [24, 32]) record.writeBigUInt64LE(BigInt(count), at);
  record.writeBigUInt64LE(BigInt(directoryBytes), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + directoryBytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator]);
}

export interface RawOptions {
  /** How many entries the end claims. */
  count?: number;
  zip64?: boolean;
}

/** A zip archive of these entries in this order. */
export function rawZip(entries: readonly RawEntry[], { count, zip64 }: RawOptions = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  let previous = 0;
  for (const entry of entries) {
    const place = entry.sharesPrevious ? previous : offset;
    if (!entry.sharesPrevious) {
      const { bytes, data } = header(entry, false, 0);
      parts.push(bytes, data);
      previous = offset;
      offset += bytes.length + data.length;
    }
    directory.push(header(entry, true, place).bytes);
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  const claimed = count ?? entries.length;
  for (const at of [8, 10]) end.writeUInt16LE(zip64 ? 0xffff : claimed, at);
  end.writeUInt32LE(zip64 ? 0xffffffff : central.length, 12);
  end.writeUInt32LE(zip64 ? 0xffffffff : offset, 16);
  const long = zip64 ? [end64(claimed, central.length, offset)] : [];
  return Buffer.concat([...parts, central, ...long, end]);
}
