import { own } from "@/lib/domain/own";
import { isValues, type Values } from "./schema";

const REFERENCE = /\{\{\s*(config|secret)\.([^\s{}]+)\s*\}\}/g;
const WHOLE = /^\{\{\s*(config|secret)\.([^\s{}]+)\s*\}\}$/;
const MAX_DEPTH = 30;
const MAX_SIZE = 1_000_000;

/** A reference that leads nowhere, or in a circle. */
export interface ReferenceProblem {
  path: string;
  message: string;
}

/** A secret's value for users who can see it, or its placeholder; undefined if there is no such secret. */
export type SecretLookup = (name: string) => string | undefined;

const MISSING = Symbol("missing");

function at(value: Values, path: string): unknown {
  // A key may itself hold dots, as one from the environment does.
  if (Object.hasOwn(value, path)) return own(value, path);
  let here: unknown = value;
  for (const name of path.split(".")) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name)) return MISSING;
    here = own(here as Values, name);
  }
  return here;
}

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return 1 + value.length;
  if (!isValues(value)) return 1;
  return Object.keys(value).reduce((size, name) => size + 1 + name.length, 1);
}

class Interpolation {
  readonly problems: ReferenceProblem[] = [];
  #size = 0;

  constructor(
    private readonly config: Values,
    private readonly secret: SecretLookup,
  ) {}

  value(value: unknown, path: readonly string[], through: readonly string[]): unknown {
    if (typeof value === "string") return this.#text(value, path, through);
    if (path.length > MAX_DEPTH) return value;
    // Everything that a reference copies counts, not its texts alone.
    if (through.length > 1) this.#size += sizeOf(value);
    if (Array.isArray(value))
      return value.map((item, position) => this.value(item, [...path, String(position)], through));
    if (!isValues(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, this.value(item, [...path, name], through)]),
    );
  }

  #text(text: string, path: readonly string[], through: readonly string[]): unknown {
    this.#size += text.length;
    const whole = WHOLE.exec(text);
    if (whole) {
      // A value that is one reference keeps the type of what it refers to.
      const found = this.#resolve(whole[1] ?? "", whole[2] ?? "", path, through);
      return found === MISSING ? text : found;
    }
    return text.replace(REFERENCE, (written, kind: string, name: string) => {
      const found = this.#resolve(kind, name, path, through);
      if (found === MISSING) return written;
      const filled = typeof found === "string" ? found : JSON.stringify(found ?? null);
      this.#size += filled.length;
      return filled;
    });
  }

  #resolve(kind: string, name: string, path: readonly string[], through: readonly string[]): unknown {
    if (kind === "secret") {
      const secret = this.secret(name);
      return secret ?? this.#problem(path, `There is no secret ${name}.`);
    }
    if (through.includes(name))
      return this.#problem(path, `config.${name} refers to itself through ${[...through, name].join(", ")}.`);
    if (through.length >= MAX_DEPTH || this.#size > MAX_SIZE)
      return this.#problem(path, `config.${name} grows too large when its references are filled in.`);
    const found = at(this.config, name);
    if (found === MISSING) return this.#problem(path, `config.${name} has no value.`);
    return this.value(found, path, [...through, name]);
  }

  #problem(path: readonly string[], message: string): typeof MISSING {
    if (this.problems.length < 100) this.problems.push({ path: path.join("."), message });
    return MISSING;
  }
}

/** The configuration as it counts: `{{config.X}}` and `{{secret.X}}` filled in, within bounds. */
export function effectiveConfig(
  config: Values,
  secret: SecretLookup,
): { value: Values; problems: ReferenceProblem[] } {
  const interpolation = new Interpolation(config, secret);
  const value = Object.fromEntries(
    Object.entries(config).map(([name, item]) => [name, interpolation.value(item, [name], [name])]),
  );
  return { value, problems: interpolation.problems };
}
