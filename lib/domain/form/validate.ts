import { own } from "@/lib/domain/own";
import { isValues, type FormField, type Validator, type ValidatorName } from "./schema";

export interface FormIssue {
  /** Names and positions from the form's root, joined by dots; empty for the root. */
  path: string;
  message: string;
}

/** Whether a text matches an author's pattern; `unclear` if the pattern is not valid or takes too long. */
export type Matcher = (pattern: string, text: string) => "yes" | "no" | "unclear";

const MAX_ISSUES = 100;
const MAX_VALUES = 50_000;
const MAX_DEPTH = 40;

// Checked at run time, when what it refers to is known.
const isReference = (value: unknown) => typeof value === "string" && value.includes("{{");

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function isNumber(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value));
}

const TYPES: Record<string, { accepts: (value: unknown) => boolean; message: string }> = {
  string: { accepts: (value) => typeof value === "string", message: "Must be text." },
  number: { accepts: (value) => typeof value === "number", message: "Must be a number." },
  boolean: { accepts: (value) => typeof value === "boolean", message: "Must be true or false." },
  object: { accepts: isValues, message: "Must be a map of fields." },
  array: { accepts: Array.isArray, message: "Must be a list." },
};

type Check = (value: unknown, rule: Validator, matches: Matcher) => string | null;

function sizeOf(value: unknown): number {
  return Array.isArray(value) ? value.length : Array.from(String(value)).length;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text));
}

const CHECKS: Record<Exclude<ValidatorName, "required">, Check> = {
  min: (value, { value: min }) =>
    min === undefined || (isNumber(value) && Number(value) >= Number(min))
      ? null
      : `Must be at least ${String(min)}.`,
  max: (value, { value: max }) =>
    max === undefined || (isNumber(value) && Number(value) <= Number(max))
      ? null
      : `Must be at most ${String(max)}.`,
  minLength: (value, { value: min }) =>
    min === undefined || sizeOf(value) >= Number(min)
      ? null
      : `Must have at least ${String(min)} characters.`,
  maxLength: (value, { value: max }) =>
    max === undefined || sizeOf(value) <= Number(max) ? null : `Must have at most ${String(max)} characters.`,
  email: (value) =>
    String(value).length <= 320 && /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/.test(String(value))
      ? null
      : "Must be an e-mail address.",
  tel: (value) =>
    /^\+?[0-9 ()./-]{3,30}$/.test(String(value)) && /\d.*\d.*\d/.test(String(value))
      ? null
      : "Must be a telephone number.",
  date: (value) => (isDate(String(value)) ? null : "Must be a date such as 2026-11-22."),
  pattern: (value, { value: pattern }, matches) => {
    if (pattern === undefined) return null;
    const found = matches(String(pattern), String(value));
    if (found === "unclear")
      return `The pattern ${String(pattern).slice(0, 100)} cannot be checked: it is no pattern, or takes too long.`;
    return found === "yes" ? null : `Must match the pattern ${String(pattern).slice(0, 200)}.`;
  },
};

class Validation {
  readonly issues: FormIssue[] = [];
  readonly #allowed = new Map<FormField, Set<string>>();
  #values = 0;

  constructor(private readonly matches: Matcher) {}

  field(field: FormField, value: unknown, path: readonly string[]): void {
    if (++this.#values > MAX_VALUES || path.length > MAX_DEPTH || this.issues.length >= MAX_ISSUES) return;
    const { required } = field.validators;
    if (isEmpty(value)) {
      if (required && field.default === undefined) this.#issue(path, required, "This is required.");
      // The fields of an object that is not there may be required as well.
      else if (field.type === "object" && value === undefined && required) this.#properties(field, {}, path);
      return;
    }
    if (isReference(value)) return;
    const localized = field.type.startsWith("localized:");
    const type = localized ? field.type.slice("localized:".length) : field.type;
    const texts = localized && isValues(value) ? Object.entries(value) : [["", value] as const];
    for (const [language, text] of texts) {
      const at = language === "" ? path : [...path, language];
      if (!isEmpty(text) && !isReference(text)) this.#value(field, type, text, at);
    }
  }

  #value(field: FormField, type: string, value: unknown, path: readonly string[]): void {
    const expected = own(TYPES, type);
    if (expected && !expected.accepts(value)) {
      this.#issue(path, {}, expected.message);
      return;
    }
    if (field.enum && !this.#allowedBy(field, field.enum).has(JSON.stringify(value)))
      this.#issue(
        path,
        {},
        `Must be one of ${field.enum
          .slice(0, 20)
          .map((one) => String(one))
          .join(", ")}.`,
      );
    for (const [name, check] of Object.entries(CHECKS) as [keyof typeof CHECKS, Check][]) {
      const rule = field.validators[name];
      const problem = rule ? check(value, rule, this.matches) : null;
      if (rule && problem !== null) this.#issue(path, rule, problem);
    }
    if (isValues(value)) this.#properties(field, value, path);
    if (Array.isArray(value) && field.items)
      for (const [at, item] of value.entries()) this.field(field.items, item, [...path, String(at)]);
  }

  /** Made once for all the items of a list, of which each would else be compared with every choice. */
  #allowedBy(field: FormField, choices: readonly unknown[]): Set<string> {
    const known = this.#allowed.get(field) ?? new Set(choices.map((choice) => JSON.stringify(choice)));
    this.#allowed.set(field, known);
    return known;
  }

  #properties({ properties }: FormField, value: Record<string, unknown>, path: readonly string[]): void {
    for (const [name, property] of Object.entries(properties))
      this.field(property, own(value, name), [...path, name]);
  }

  #issue(path: readonly string[], { message }: Validator, otherwise: string): void {
    this.issues.push({ path: path.join("."), message: message ?? otherwise });
  }
}

/** Every rule of the form that the value breaks; a value that holds a reference is left to the run. */
export function validateForm(form: FormField, value: unknown, matches: Matcher): FormIssue[] {
  const validation = new Validation(matches);
  validation.field(form, value ?? {}, []);
  return validation.issues;
}
