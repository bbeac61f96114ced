const MAX_LENGTH = 2000;
const CUT = " […] ";
const SAID_BYTES = 16 * 1024;

/** What a remote said, fit to be shown: no control characters, no credentials in URLs, bounded. */
export function remoteText(bytes: Buffer | string): string {
  const text = typeof bytes === "string" ? bytes : bytes.toString("utf8");
  return shortened(
    text
      // eslint-disable-next-line no-control-regex
      .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, "")
      .replace(/\r/g, "\n")
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, "")
      .replace(/\/\/[^\s/@]+@/g, "//")
      .replace(/\n+/g, "\n")
      .trim(),
  );
}

/** The reason often comes last, so the end stays as well as the beginning. */
function shortened(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  const half = MAX_LENGTH / 2;
  return text.slice(0, half) + CUT + text.slice(half + CUT.length - MAX_LENGTH);
}

/** The first and the last of what hooks print: how much that is nobody knows before. */
export class Said {
  #first: Buffer = Buffer.alloc(0);
  #last: Buffer[] = [];
  #held = 0;

  add(bytes: Buffer): void {
    const room = Math.max(0, SAID_BYTES - this.#first.length);
    if (room > 0) this.#first = Buffer.concat([this.#first, bytes.subarray(0, room)]);
    const rest = bytes.subarray(room);
    if (rest.length === 0) return;
    this.#last.push(rest);
    this.#held += rest.length;
    if (this.#held < 8 * SAID_BYTES) return;
    this.#last = [Buffer.concat(this.#last).subarray(-SAID_BYTES)];
    this.#held = SAID_BYTES;
  }

  bytes(): Buffer {
    return Buffer.concat([this.#first, Buffer.concat(this.#last).subarray(-SAID_BYTES)]);
  }
}
