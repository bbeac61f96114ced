import { fstat, read } from "node:fs";
import { promisify } from "node:util";

const readAt = promisify(read);
const statOf = promisify(fstat);

/** The bytes of an archive, wherever they are. */
export interface ArchiveBytes {
  size: number;
  /** As many of the bytes from this position on as there are, `length` at most. */
  read(position: number, length: number): Promise<Buffer>;
}

/** Those of an open file, which stays open and is its opener's to close. */
export async function bytesOfFile(fd: number): Promise<ArchiveBytes> {
  const { size } = await statOf(fd);
  return {
    size,
    async read(position, length) {
      const wanted = Math.max(0, Math.min(length, size - position));
      const buffer = Buffer.alloc(wanted);
      let filled = 0;
      while (filled < wanted) {
        const { bytesRead } = await readAt(fd, buffer, filled, wanted - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    },
  };
}

/** Those of an archive that lies inside another one. */
export function bytesInMemory(bytes: Uint8Array): ArchiveBytes {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    size: buffer.length,
    read: (position, length) => Promise.resolve(buffer.subarray(position, position + length)),
  };
}
