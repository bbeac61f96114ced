import { own } from "@/lib/domain/own";
import { readFileSync } from "node:fs";

/** Reads a file that a `_FILE` variable names; throws when it cannot. */
export type FileReader = (path: string) => string;

export const readTextFile: FileReader = (path) => readFileSync(path, "utf8");

/** Why the start stops: every problem of the configuration at once, without any value that may be secret. */
export class ConfigurationError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `Switchyard cannot start: ${String(problems.length)} ${problems.length === 1 ? "setting needs" : "settings need"} your attention.\n` +
        problems.map((problem) => `  - ${problem}`).join("\n"),
    );
    this.name = "ConfigurationError";
    this.problems = problems;
  }
}

/** The variables of the process, read one by one while problems are collected. */
export class Variables {
  readonly problems: string[] = [];
  readonly #source: Readonly<Record<string, string | undefined>>;
  readonly #readFile: FileReader;

  constructor(source: Readonly<Record<string, string | undefined>>, readFile: FileReader) {
    this.#source = source;
    this.#readFile = readFile;
  }

  /** Names in the order of their declaration. */
  names(prefix: string): string[] {
    return Object.keys(this.#source).filter((name) => name.startsWith(prefix));
  }

  problem(variable: string, expectation: string): void {
    this.problems.push(`${variable} ${expectation}`);
  }

  /** The value as it stands in the environment, without looking for a file. */
  raw(name: string): string | undefined {
    return own(this.#source, name);
  }

  /** The value of a variable or of the file that its `_FILE` form names; empty counts as absent. */
  text(name: string): string | undefined {
    const direct = own(this.#source, name)?.trim() || undefined;
    const path = this.#source[`${name}_FILE`]?.trim() || undefined;
    if (path === undefined) return direct;
    if (direct !== undefined) {
      this.problem(name, `and ${name}_FILE are both set; keep one of them.`);
      return direct;
    }
    try {
      const content = this.#readFile(path).trim();
      if (content !== "") return content;
      this.problem(`${name}_FILE`, `names ${path}, which is empty.`);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
      this.problem(`${name}_FILE`, `names ${path}, which cannot be read (${code}).`);
    }
    return undefined;
  }

  /** A whole number within bounds. */
  number(name: string, fallback: number, min: number, max: number): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    this.problem(
      name,
      `must be a whole number from ${String(min)} to ${String(max)}, not ${JSON.stringify(text.slice(0, 40))}.`,
    );
    return fallback;
  }

  /** One of a few words. */
  choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const found = choices.find((choice) => choice === text);
    if (found === undefined)
      this.problem(name, `must be one of ${choices.join(", ")}, not ${JSON.stringify(text.slice(0, 40))}.`);
    return found ?? fallback;
  }

  /** Values between commas, without the quotation marks that some launchers leave around them. */
  list(name: string): string[] {
    const text = this.text(name)?.replace(/^(["'])(.*)\1$/, "$2") ?? "";
    return text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
  }
}
