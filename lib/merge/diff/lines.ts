/** The lines of a text, each by a number that equal lines share within one `LineTable`. */
export interface Lines {
  bytes: Uint8Array;
  /** Where each line starts; one more entry marks the end. */
  starts: Uint32Array;
  ids: Int32Array;
}

const LINE_FEED = 10;

/** Numbers lines so that texts split by one table are compared by number alone. */
export class LineTable {
  private readonly numbers = new Map<string, number>();

  /** How many different lines were seen. */
  get size(): number {
    return this.numbers.size;
  }

  /** Splits bytes after each line feed; nothing is decoded, so any encoding survives. */
  split(bytes: Uint8Array): Lines {
    const starts = lineStarts(bytes);
    const count = starts.length - 1;
    const ids = new Int32Array(count);
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let line = 0; line < count; line++) {
      ids[line] = this.number(view.toString("latin1", starts[line], starts[line + 1]));
    }
    return { bytes, starts, ids };
  }

  private number(line: string): number {
    const known = this.numbers.get(line);
    if (known !== undefined) return known;
    const next = this.numbers.size;
    this.numbers.set(line, next);
    return next;
  }
}

/** The bytes of the lines `from` to `to`, the latter not included. */
export function slice(lines: Lines, from: number, to: number): Uint8Array {
  return lines.bytes.subarray(lines.starts[from], lines.starts[to]);
}

/** How many lines the bytes have; the last needs no line feed. */
export function countLines(bytes: Uint8Array): number {
  let count = 0;
  let end = 0;
  while (end < bytes.length) {
    count++;
    const feed = bytes.indexOf(LINE_FEED, end);
    end = feed < 0 ? bytes.length : feed + 1;
  }
  return count;
}

function lineStarts(bytes: Uint8Array): Uint32Array {
  const starts = new Uint32Array(countLines(bytes) + 1);
  for (let line = 1; line < starts.length; line++) {
    const feed = bytes.indexOf(LINE_FEED, starts[line - 1]);
    starts[line] = feed < 0 ? bytes.length : feed + 1;
  }
  return starts;
}
