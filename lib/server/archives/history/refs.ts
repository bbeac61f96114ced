/** A version's or repository's name as one part of a ref, which git refuses some names for. */
export function refPart(name: string): string {
  const plain = name
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}_.+-]+/gu, "-")
    .replace(/\.{2,}/g, ".")
    .replace(/^[.-]+/, "")
    .replace(/(?:\.|\.lock)+$/i, "");
  if (plain === "") return "ref";
  // HEAD and its like are git's own.
  return /^(?:\w+_)?HEAD$/i.test(plain) ? `${plain}-ref` : plain;
}

/** Names for refs of one kind: whoever comes first has the plain name, which later exports then give it as well. */
export class RefNames {
  readonly #taken: Set<string>;

  constructor(taken: readonly string[] = []) {
    this.#taken = new Set(taken);
  }

  /** The name, or the name with the suffix or a number behind it. */
  take(name: string, suffix: string): string {
    const plain = refPart(name);
    let free = plain;
    for (let count = 1; this.#taken.has(free); count++)
      free = refPart(count === 1 ? `${plain}-${suffix}` : `${plain}-${suffix}-${String(count)}`);
    this.#taken.add(free);
    return free;
  }
}
