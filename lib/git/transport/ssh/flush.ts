/** Follows the packets of a stream without keeping them, to tell where a conversation pauses. */
export class FlushFinder {
  #header = "";
  #left = 0;

  /** How many bytes of this chunk go up to the next flush, itself included; -1 when it has none. */
  find(chunk: Buffer): number {
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, chunk.length - at);
        this.#left -= step;
        at += step;
        continue;
      }
      const digits = chunk.toString("latin1", at, at + 4 - this.#header.length);
      this.#header += digits;
      at += digits.length;
      if (this.#header.length < 4) break;
      const length = Number.parseInt(this.#header, 16);
      this.#header = "";
      if (length === 0) return at;
      // What is no packet length is for the reader of the packets to complain about.
      this.#left = length > 4 ? length - 4 : 0;
    }
    return -1;
  }
}
