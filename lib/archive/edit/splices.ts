/** Thrown where a value cannot be changed without other text around it; its message is the reason, as a sentence. */
export class Unspliceable extends Error {}

interface Splice {
  start: number;
  end: number;
  text: string;
}

/** Collects changes of a text and makes them all at once. */
export class Splices {
  readonly #all: Splice[] = [];

  constructor(private readonly text: string) {}

  replace(start: number, end: number, text: string): void {
    if (start === end && text === "") return;
    this.#all.push({ start, end, text });
  }

  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  remove(start: number, end: number): void {
    this.replace(start, end, "");
  }

  /** The changed text. Throws Unspliceable where changes overlap. */
  result(): string {
    let text = "";
    let at = 0;
    for (const splice of this.#all.sort((a, b) => a.start - b.start || a.end - b.end)) {
      if (splice.start < at) throw new Unspliceable();
      text += this.text.slice(at, splice.start) + splice.text;
      at = splice.end;
    }
    return text + this.text.slice(at);
  }
}
