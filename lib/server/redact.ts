import { SecretValue, type RepositoryAuth } from "@/lib/domain/repository";

const MARK = "[redacted]";
// Shorter than this, or a plain short word, a value would be found inside ordinary text; hiding it would spoil the text.
const SHORTEST = 4;
const PLAIN_WORD = /^[a-z]{1,7}$/i;
// Keys whose value is a credential whatever it looks like.
const SECRET_KEY = /^(password|passwd|passphrase|sshkey|privatekey|authorization|cookie|set-cookie)$/i;
const SECRET_KEY_IN_JSON = new RegExp(`"${SECRET_KEY.source.slice(1, -1)}":`, "i");
const MAX_DEPTH = 40;

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

function readable(value: string): boolean {
  return value.length >= SHORTEST && !PLAIN_WORD.test(value);
}

/** Hides known secret values in whatever leaves the process: logs, events, errors, results. */
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
        if (readable(value.reveal())) add(value.reveal());
      } else if (value.kind === "sshkey") {
        add(value.key.reveal());
        if (value.passphrase && readable(value.passphrase.reveal())) add(value.passphrase.reveal());
      } else if (value.kind === "password") {
        const password = value.password.reveal();
        if (readable(password)) add(password);
        // As HTTP sends them; hidden even when the password is a plain word.
        add(`${value.user}:${password}`);
      }
    }
    return new Redactor(needles);
  }

  text(text: string): string {
    return this.#pattern ? text.replace(this.#pattern, MARK) : text;
  }

  /** A copy of any data with all text redacted, keys included. */
  value<T>(value: T): T {
    return this.#walk(value, 0) as T;
  }

  /**
   * The same for data that is stored or sent as JSON: where its text as a whole shows nothing to hide it is answered as
   * it is, which takes a tenth of the time of a copy.
   */
  plain<T>(value: T): T {
    return this.#mayHold(JSON.stringify(value)) ? this.value(value) : value;
  }

  /** The JSON text of such data, redacted. */
  json(value: unknown): string {
    const text = JSON.stringify(value);
    return this.#mayHold(text) ? JSON.stringify(this.value(value)) : text;
  }

  #mayHold(json: string | undefined): boolean {
    if (json === undefined) return false;
    return this.#inJson?.test(json) === true || SECRET_KEY_IN_JSON.test(json);
  }

  #walk(value: unknown, depth: number): unknown {
    if (typeof value === "string") return this.text(value);
    if (typeof value !== "object" || value === null || value instanceof Date) return value;
    if (value instanceof SecretValue || depth > MAX_DEPTH) return MARK;
    if (Array.isArray(value)) return value.map((item) => this.#walk(item, depth + 1));
    if (value instanceof Error) return this.#error(value, depth);
    if (value instanceof Map || value instanceof Set) return this.#walk([...value], depth + 1);
    if (ArrayBuffer.isView(value)) return `[${String(value.byteLength)} bytes]`;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        this.text(key),
        SECRET_KEY.test(key) && typeof item === "string" ? MARK : this.#walk(item, depth + 1),
      ]),
    );
  }

  #error(error: Error, depth: number): Record<string, unknown> {
    return {
      type: error.name,
      message: this.text(error.message),
      ...(error.stack === undefined ? {} : { stack: this.text(error.stack) }),
      ...("code" in error ? { code: this.#walk(error.code, depth + 1) } : {}),
      ...("details" in error ? { details: this.#walk(error.details, depth + 1) } : {}),
      ...(error.cause === undefined ? {} : { cause: this.#walk(error.cause, depth + 1) }),
    };
  }
}
