import { checkHeader, type PackLimits } from "../pack/format";

const SMALLEST_BLOCK = 16 * 1024;
const LARGEST_BLOCK = 4 * 1024 * 1024;
const HEADER_BYTES = 12;

/** What an answer to a fetch may cost. */
export interface AnswerLimits {
  pack: PackLimits;
  /** Told before memory is taken; throws when there is none left. */
  take(bytes: number): void;
}

/** Gathers a pack that comes in pieces, and keeps nothing of the packets around them. */
export class PackCollector {
  readonly #blocks: Buffer[] = [];
  #last: Buffer = Buffer.alloc(0);
  #used = 0;
  #isChecked = false;

  constructor(private readonly limits: AnswerLimits) {}

  /** Throws as soon as the first bytes show that it is no pack, or one that is too large. */
  add(bytes: Buffer): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#used === this.#last.length) this.#grow();
      const copied = bytes.copy(this.#last, this.#used, at);
      this.#used += copied;
      at += copied;
    }
    const first = this.#blocks[0];
    if (this.#isChecked || !first || (first === this.#last && this.#used < HEADER_BYTES)) return;
    checkHeader(first, this.limits.pack);
    this.#isChecked = true;
  }

  get isEmpty(): boolean {
    return this.#blocks.length === 0;
  }

  bytes(): Buffer {
    const filled = this.#last.subarray(0, this.#used);
    return this.#blocks.length <= 1 ? filled : Buffer.concat([...this.#blocks.slice(0, -1), filled]);
  }

  #grow(): void {
    const size = Math.min(Math.max(this.#last.length * 2, SMALLEST_BLOCK), LARGEST_BLOCK);
    this.limits.take(size);
    this.#last = Buffer.allocUnsafeSlow(size);
    this.#blocks.push(this.#last);
    this.#used = 0;
  }
}
