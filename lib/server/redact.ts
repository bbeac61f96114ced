import { SecretValue, type RepositoryAuth } from "@/lib/domain/repository";
import { isOrdinary, isStructure, type Place } from "./system-words";

const MARK = "[redacted]";
const SHORTEST = 4;
// Keys whose value is a credential whatever it looks like.
const SECRET_KEY = /^(password|passwd|passphrase|sshkey|privatekey|authorization|cookie|set-cookie)$/i;
const SECRET_KEY_IN_JSON = new RegExp(`"${SECRET_KEY.source.slice(1, -1)}":`, "i");
const MAX_DEPTH = 40;
// A field's name as we give them. Others may come from a file or a client.
const OUR_KEY = /^[a-z][a-zA-Z]*$/;
const NOWHERE: Place = { key: "", parent: "" };

/** What is looked through: text of people alone, what Switchyard tells, or that with the paths of files. */
type Data = "people" | "told" | "stored";

/** The forms in which a value may turn up in text. */
function formsOf(value: string): string[] {
  // Half a surrogate pair has no form in UTF-8, and encoding it for a URL would throw.
  const url = encodeURIComponent(value.replace(/\p{Surrogate}/gu, "\ufffd"));
  const base64 = Buffer.from(value).toString("base64");
  const json = insideJson(value);
  return [
    value,
    json,
    insideJson(json),
    base64,
    base64.replace(/=+$/, ""),
    Buffer.from(value).toString("base64url"),
    url,
    url.replaceAll("%20", "+"),
    // A key or several lines may be quoted line by line.
    ...(value.includes("\n") ? value.split(/\r?\n/).filter((line) => line.length >= 16) : []),
  ];
}

/** How text stands between the quotes of JSON. */
function insideJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Finds any of these texts, of two that begin alike the longer one; null where there is none to find. */
function anyOf(texts: ReadonlySet<string>, flags?: string): RegExp | null {
  if (texts.size === 0) return null;
  const sorted = [...texts].sort((a, b) => b.length - a.length);
  return new RegExp(sorted.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), flags);
}

/**
 * Hides known secret values in whatever leaves the process: logs, events, errors, results. It touches what people and
 * remotes say, never ids, enumerations, types, times and other structure; and it does not look for ordinary words.
 */
export class Redactor {
  readonly #needles: ReadonlySet<string>;
  readonly #pattern: RegExp | null;
  readonly #inJson: RegExp | null;

  constructor(needles: Iterable<string> = []) {
    this.#needles = new Set(needles);
    this.#pattern = anyOf(this.#needles, "g");
    this.#inJson = anyOf(new Set([...this.#needles].map(insideJson)));
  }

  /** A redactor that hides these values as well. */
  with(values: Iterable<SecretValue | RepositoryAuth>): Redactor {
    const needles = new Set(this.#needles);
    const add = (value: string) => {
      for (const form of formsOf(value)) if (form.length >= SHORTEST) needles.add(form);
    };
    for (const value of values) {
      if (value instanceof SecretValue) {
        if (!isOrdinary(value.reveal())) add(value.reveal());
      } else if (value.kind === "sshkey") {
        add(value.key.reveal());
        if (value.passphrase && !isOrdinary(value.passphrase.reveal())) add(value.passphrase.reveal());
      } else if (value.kind === "password") {
        const password = value.password.reveal();
        if (!isOrdinary(password)) add(password);
        // As HTTP sends them; hidden even when the password is a plain word.
        add(`${value.user}:${password}`);
      }
    }
    return new Redactor(needles);
  }

  /** One that does not look for these words, which everybody may see: a workspace's slug, a branch. */
  sparing(words: Iterable<string>): Redactor {
    const needles = new Set(this.#needles);
    for (const word of words)
      for (const form of [word, insideJson(word), encodeURIComponent(word)]) needles.delete(form);
    return needles.size === this.#needles.size ? this : new Redactor(needles);
  }

  text(text: string): string {
    return this.#pattern ? text.replace(this.#pattern, MARK) : text;
  }

  /** A copy of what Switchyard tells, such as an error, with all text redacted that is no structure. */
  value<T>(value: T): T {
    return this.#walk(value, 0, NOWHERE, "told") as T;
  }

  /** A copy of what people wrote, with all text redacted, keys included. */
  free<T>(value: T): T {
    return this.#walk(value, 0, NOWHERE, "people") as T;
  }

  /**
   * The same as `value` for events and results, which name files; they are stored or sent as JSON, and where its text
   * as a whole shows nothing to hide they are answered as they are, which takes a tenth of the time of a copy.
   */
  plain<T>(value: T): T {
    return this.#mayHold(JSON.stringify(value)) ? (this.#walk(value, 0, NOWHERE, "stored") as T) : value;
  }

  /** The JSON text of such data, redacted. */
  json(value: unknown): string {
    const text = JSON.stringify(value);
    return this.#mayHold(text) ? JSON.stringify(this.#walk(value, 0, NOWHERE, "stored")) : text;
  }

  /** A line of JSON, redacted; of one that is none, the text. */
  line(line: string): string {
    if (!this.#mayHold(line)) return line;
    try {
      return `${JSON.stringify(this.value(JSON.parse(line)))}\n`;
    } catch (error) {
      if (error instanceof SyntaxError) return this.text(line);
      throw error;
    }
  }

  #mayHold(json: string | undefined): boolean {
    if (json === undefined) return false;
    return this.#inJson?.test(json) === true || SECRET_KEY_IN_JSON.test(json);
  }

  #walk(value: unknown, depth: number, place: Place, data: Data): unknown {
    if (typeof value === "string")
      return data !== "people" && isStructure(place, data === "stored") ? value : this.text(value);
    if (typeof value !== "object" || value === null || value instanceof Date) return value;
    if (value instanceof SecretValue || depth > MAX_DEPTH) return MARK;
    if (Array.isArray(value)) return value.map((item) => this.#walk(item, depth + 1, place, data));
    if (value instanceof Error) return this.#error(value, depth, data);
    if (value instanceof Map || value instanceof Set) return this.#walk([...value], depth + 1, place, data);
    if (ArrayBuffer.isView(value)) return `[${String(value.byteLength)} bytes]`;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        data !== "people" && OUR_KEY.test(key) ? key : this.text(key),
        SECRET_KEY.test(key) && typeof item === "string"
          ? MARK
          : this.#walk(item, depth + 1, { key, parent: place.key }, data),
      ]),
    );
  }

  #error(error: Error, depth: number, data: Data): Record<string, unknown> {
    const inner = (key: string, value: unknown) => this.#walk(value, depth + 1, { key, parent: "" }, data);
    return {
      type: error.name,
      message: this.text(error.message),
      ...(error.stack === undefined ? {} : { stack: this.text(error.stack) }),
      ...("code" in error ? { code: inner("code", error.code) } : {}),
      ...("details" in error ? { details: inner("details", error.details) } : {}),
      ...(error.cause === undefined ? {} : { cause: inner("cause", error.cause) }),
    };
  }
}
