import { own } from "@/lib/domain/own";
import type { ReactNode } from "react";
import type { Schema } from "@/lib/client/api-document";

interface SchemaViewProps {
  schema: Schema;
  schemas: Record<string, Schema>;
}

const DEPTH = 6;

function asSchema(value: unknown): Schema | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : null;
}

function listOf(value: unknown): Schema[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  return list.map(asSchema).filter((one) => one !== null);
}

function refName({ $ref }: Schema): string | undefined {
  return typeof $ref === "string" ? $ref.split("/").at(-1) : undefined;
}

/** The form of a value in a few words: `string`, `Version[]`, `"asc" | "desc"`. */
export function typeWords(schema: Schema): string {
  const name = refName(schema);
  if (name) return name;
  const options = [...listOf(schema.anyOf), ...listOf(schema.oneOf)];
  if (options.length > 0) return [...new Set(options.map(typeWords))].join(" | ");
  if (Array.isArray(schema.enum) && schema.enum.length > 0)
    return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === "array") return `${typeWords(asSchema(schema.items) ?? {})}[]`;
  if (schema.type === "object" && !schema.properties) {
    const values = asSchema(schema.additionalProperties);
    return values && Object.keys(values).length > 0 ? `map of ${typeWords(values)}` : "object";
  }
  return Array.isArray(schema.type) ? schema.type.join(" | ") : String(schema.type ?? "any");
}

/** A JSON Schema as a tree of fields; named schemas are unfolded once on each way down. */
export function SchemaView({ schema, schemas }: SchemaViewProps) {
  return (
    <div className="overflow-x-auto rounded-md border border-line bg-sunken px-3 py-2 text-xs">
      <Node schema={schema} schemas={schemas} seen={[]} />
    </div>
  );
}

interface NodeProps extends SchemaViewProps {
  seen: readonly string[];
}

function Node({ schema, schemas, seen }: NodeProps): ReactNode {
  const name = refName(schema);
  if (name !== undefined) {
    const target = own(schemas, name);
    if (!target || seen.includes(name)) return <code className="font-mono text-muted">{name}</code>;
    return <Node schema={target} schemas={schemas} seen={[...seen, name]} />;
  }
  if (seen.length > DEPTH) return null;
  const options = [...listOf(schema.anyOf), ...listOf(schema.oneOf)].filter(isNested);
  if (options.length > 0) {
    return (
      <ul className="flex flex-col gap-2">
        {options.map((option, index) => (
          <li key={index}>
            {options.length > 1 && <p className="mb-1 text-muted">{index === 0 ? "Either" : "or"}</p>}
            <Node schema={option} schemas={schemas} seen={[...seen, ""]} />
          </li>
        ))}
      </ul>
    );
  }
  const items = schema.type === "array" ? asSchema(schema.items) : asSchema(schema.additionalProperties);
  if (!schema.properties && items && isNested(items))
    return <Node schema={items} schemas={schemas} seen={[...seen, ""]} />;
  const fields = Object.entries(asSchema(schema.properties) ?? {});
  if (fields.length === 0) return <code className="font-mono">{typeWords(schema)}</code>;
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  return (
    <ul className="flex flex-col gap-1">
      {fields.map(([field, inner]) => (
        <FieldRow
          key={field}
          name={field}
          schema={asSchema(inner) ?? {}}
          required={required.includes(field)}
          schemas={schemas}
          seen={seen}
        />
      ))}
    </ul>
  );
}

function isNested(schema: Schema): boolean {
  if (refName(schema) || schema.properties) return true;
  const inner = asSchema(schema.items) ?? asSchema(schema.additionalProperties);
  if (inner && isNested(inner)) return true;
  return [...listOf(schema.anyOf), ...listOf(schema.oneOf)].some(isNested);
}

function FieldRow({
  name,
  schema,
  required,
  schemas,
  seen,
}: NodeProps & { name: string; required: boolean }) {
  const head = (
    <>
      <code className="font-mono font-medium text-text">{name}</code>
      {!required && <span className="text-muted">?</span>}{" "}
      <code className="font-mono break-words text-muted">{typeWords(schema)}</code>
      {typeof schema.description === "string" && <span className="text-soft"> · {schema.description}</span>}
    </>
  );
  if (!isNested(schema)) return <li className="py-0.5">{head}</li>;
  return (
    <li>
      <details>
        <summary className="cursor-pointer rounded-sm py-0.5">{head}</summary>
        <div className="mt-1 ml-2 border-l border-line pl-3">
          <Node schema={schema} schemas={schemas} seen={[...seen, ""]} />
        </div>
      </details>
    </li>
  );
}
