/** The types a field of a schema form may have. */
const FIELD_TYPES = [
  "string",
  "number",
  "boolean",
  "object",
  "array",
  "localized:string",
  "localized:number",
  "localized:boolean",
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

export type Values = Record<string, unknown>;

/** A field as its author declared it; everything is optional and nothing is certain. */
export interface FormField {
  type: FieldType;
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  enumNames?: string[];
  hidden: boolean;
  /** By name; what is declared as `required: true` or `pattern: …` on the field is among them. */
  validators: Partial<Record<ValidatorName, Validator>>;
  /** Of an object, in the author's order. */
  properties: Record<string, FormField>;
  /** Of a list. */
  items?: FormField;
}

const VALIDATORS = [
  "required",
  "min",
  "max",
  "email",
  "tel",
  "date",
  "minLength",
  "maxLength",
  "pattern",
] as const;
export type ValidatorName = (typeof VALIDATORS)[number];

export interface Validator {
  value?: string | number;
  message?: string;
}

const MAX_DEPTH = 20;
const MAX_FIELDS = 2000;

export function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  // A title such as 2024 is text like any other.
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  // A title may be written in several languages; the first one represents them all.
  if (isValues(value)) return Object.values(value).find((text): text is string => typeof text === "string");
  return undefined;
}

function typeOf(schema: Values): FieldType {
  const known = FIELD_TYPES.find((type) => type === schema.type);
  if (known) return known;
  // Widgets that are not known here fall back to what their value looks like.
  if (isValues(schema.properties)) return "object";
  if (schema.items !== undefined) return "array";
  return schema.type === "integer" ? "number" : "string";
}

function validatorOf(rule: unknown): Validator | undefined {
  if (rule === true) return {};
  if (typeof rule === "string" || typeof rule === "number") return { value: rule };
  if (!isValues(rule) || rule.value === false) return undefined;
  const { value } = rule;
  return {
    ...(typeof value === "string" || typeof value === "number" ? { value } : {}),
    ...(typeof rule.message === "string" ? { message: rule.message } : {}),
  };
}

function validatorsOf(schema: Values): FormField["validators"] {
  const declared = isValues(schema.validators) ? schema.validators : {};
  const rules: Values = {
    ...(schema.required === true ? { required: true } : {}),
    ...(typeof schema.pattern === "string" ? { pattern: { value: schema.pattern } } : {}),
    ...declared,
  };
  return Object.fromEntries(
    VALIDATORS.flatMap((name) => {
      const validator = validatorOf(rules[name]);
      return validator ? [[name, validator]] : [];
    }),
  );
}

class Reader {
  #fields = 0;

  field(schema: unknown, depth: number): FormField {
    const source = isValues(schema) ? schema : {};
    const type = typeOf(source);
    const title = textOf(source.title);
    const description = textOf(source.description);
    const inside = ++this.#fields < MAX_FIELDS && depth < MAX_DEPTH;
    const properties =
      type === "object" && inside && isValues(source.properties) ? Object.entries(source.properties) : [];
    // JSON Schema lists what is required at the object; both ways of saying it count.
    const listed = Array.isArray(source.required) ? source.required : [];
    return {
      type,
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
      ...(source.default === undefined ? {} : { default: source.default }),
      ...(Array.isArray(source.enum) ? { enum: source.enum } : {}),
      ...(Array.isArray(source.enumNames) ? { enumNames: source.enumNames.map(String) } : {}),
      hidden: source.hidden === true,
      validators: validatorsOf(source),
      properties: Object.fromEntries(
        properties.map(([name, property]) => {
          const field = this.field(property, depth + 1);
          if (listed.includes(name)) field.validators.required ??= {};
          return [name, field];
        }),
      ),
      ...(type === "array" && inside && source.items !== undefined
        ? { items: this.field(source.items, depth + 1) }
        : {}),
    };
  }
}

/** Reads a schema form. A map of fields without a type of its own is the form's object. */
export function readForm(schema: unknown): FormField {
  const source = isValues(schema) ? schema : {};
  const isField = typeof source.type === "string" || isValues(source.properties);
  return new Reader().field(isField ? source : { type: "object", properties: source }, 0);
}
