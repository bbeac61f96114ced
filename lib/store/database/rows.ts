import { Prisma, type Sql } from "./client";
import type { Unit } from "./database";
import { timeText, type Provider } from "./dialect";
import { jsonText } from "./json";
import { chunks } from "./chunks";

type ColumnType = "text" | "integer" | "bigint" | "boolean" | "json" | "date" | "bytes";
export type Columns = Readonly<Record<string, ColumnType>>;
export type Row<C extends Columns> = { [name in keyof C]: unknown };

/** SQLite's driver answers nothing else while a statement runs, so one statement must not take long. */
const ROWS_AT_ONCE = 200;
/** Characters of a value whose row goes by itself: SQLite writes a row's text anew for every column it takes of a list. */
const LARGE_VALUE = 65_536;
const POSTGRES_TYPES: Record<ColumnType, string> = {
  text: "text",
  integer: "integer",
  bigint: "bigint",
  boolean: "boolean",
  json: "jsonb",
  date: "timestamp(3)",
  bytes: "text",
};

function valueOf(type: ColumnType, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (type === "bigint") return Number(value);
  if (type === "bytes") return Buffer.from(value as Uint8Array).toString("hex");
  if (type === "date") return timeText(value as Date);
  return value;
}

/**
 * A SELECT that yields these rows, passed as one parameter: the time Prisma takes for a statement grows with the
 * number of its parameters, and both databases limit that number.
 */
export function rowsOf<C extends Columns>(provider: Provider, columns: C, rows: readonly Row<C>[]): Sql {
  return rowsFrom(
    provider,
    columns,
    rows.map((row) => textsOf(columns, row)),
  );
}

/** The values of a row as JSON. */
function textsOf<C extends Columns>(columns: C, row: Row<C>): string[] {
  return Object.entries(columns).map(([name, type]) => {
    const value = valueOf(type, row[name]);
    if (value === null) return "null";
    if (type === "text" || type === "json") return jsonText(value) ?? "null";
    // Times and bytes are text in which nothing needs to be escaped.
    return typeof value === "string" ? `"${value}"` : String(value);
  });
}

function rowsFrom(provider: Provider, columns: Columns, rows: readonly (readonly string[])[]): Sql {
  const names = Object.entries(columns);
  // Values of JSON columns are part of this text as they are: a text in a text would be quoted twice.
  const values = `[${rows.map((texts) => `[${texts.join(",")}]`).join(",")}]`;
  if (provider === "sqlite") {
    const fields = names.map(([name, type], index) => {
      const path = `'$[${String(index)}]'`;
      const field = `json_extract(value, ${path})`;
      if (type === "json") return `NULLIF(value -> ${path}, 'null') AS "${name}"`;
      return `${type === "bytes" ? `unhex(${field})` : field} AS "${name}"`;
    });
    return Prisma.sql`SELECT ${Prisma.raw(fields.join(", "))} FROM json_each(${values}) WHERE true`;
  }
  const fields = names.map(([name, type], index) => {
    const field = `value ->> ${String(index)}`;
    if (type === "json") return `NULLIF(CAST(value -> ${String(index)} AS jsonb), 'null') AS "${name}"`;
    return `${type === "bytes" ? `decode(${field}, 'hex')` : `CAST(${field} AS ${POSTGRES_TYPES[type]})`} AS "${name}"`;
  });
  return Prisma.sql`SELECT ${Prisma.raw(fields.join(", "))} FROM json_array_elements(CAST(${values} AS json)) WHERE true`;
}

/** One row with a parameter for each column. */
function rowByColumn<C extends Columns>(columns: C, row: Row<C>, texts: readonly string[]): Sql {
  const fields = Object.entries(columns).map(([name, type], index) => {
    const value = valueOf(type, row[name]);
    if (type === "json") return Prisma.sql`NULLIF(${texts[index]}, 'null')`;
    return type === "bytes" ? Prisma.sql`unhex(${value})` : Prisma.sql`${value}`;
  });
  return Prisma.sql`SELECT ${Prisma.join(fields)} WHERE true`;
}

/** Inserts rows, many with one statement; `rest` says what happens to those that are there. */
export async function insertRows<C extends Columns>(
  unit: Pick<Unit, "db" | "sql">,
  table: string,
  columns: C,
  rows: readonly Row<C>[],
  rest: Sql = Prisma.empty,
): Promise<void> {
  const names = Prisma.raw(
    Object.keys(columns)
      .map((name) => `"${name}"`)
      .join(", "),
  );
  const { provider } = unit.sql;
  const insert = (selected: Sql) =>
    unit.db.$executeRaw`INSERT INTO ${Prisma.raw(`"${table}"`)} (${names}) ${selected} ${rest}`;
  for (const part of chunks(rows, ROWS_AT_ONCE)) {
    const together: string[][] = [];
    for (const row of part) {
      const texts = textsOf(columns, row);
      const isLarge = provider === "sqlite" && texts.some((text) => text.length > LARGE_VALUE);
      if (isLarge) await insert(rowByColumn(columns, row, texts));
      else together.push(texts);
    }
    if (together.length > 0) await insert(rowsFrom(provider, columns, together));
  }
}

/** The end of an INSERT that rewrites the columns of rows that are there already. */
export function onConflictUpdate(key: readonly string[], columns: readonly string[]): Sql {
  const target = key.map((name) => `"${name}"`).join(", ");
  const assignments = columns.map((name) => `"${name}" = excluded."${name}"`).join(", ");
  return Prisma.raw(`ON CONFLICT (${target}) DO UPDATE SET ${assignments}`);
}
