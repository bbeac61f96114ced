import type { Statement } from "better-sqlite3";
import { types, type Pool } from "pg";
import { breathe } from "@/lib/runtime/pace";
import { Prisma, type Client, type Sql } from "./client";
import { timeText } from "./dialect";
import { translate } from "./failures";

type Row = Record<string, unknown>;
type Convert = (value: never) => unknown;
type Select = (query: Sql) => Row[] | Promise<Row[]>;

/** Bytes as Prisma gives them, without a copy. */
function plainBytes({ buffer, byteOffset, byteLength }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** What Prisma makes of a column whose declared type is one of these. */
const FROM_SQLITE: Readonly<Record<string, Convert>> = {
  BIGINT: (value: number) => BigInt(value),
  BOOLEAN: (value: number) => value === 1,
  DATETIME: (value: string) => new Date(value),
  // SQLite keeps a document that is a number as a number.
  JSONB: (value: string | number): unknown => JSON.parse(String(value)),
  BLOB: plainBytes,
};

/** The form in which Prisma gives a value to SQLite. */
function toSqlite(value: unknown): unknown {
  if (typeof value === "boolean") return value ? 1 : 0;
  return value instanceof Date ? timeText(value) : value;
}

function conversionsOf(statement: Statement): (readonly [string, Convert])[] {
  return statement.columns().flatMap(({ name, type }) => {
    const convert = FROM_SQLITE[type?.toUpperCase() ?? ""];
    return convert ? [[name, convert] as const] : [];
  });
}

/** Reads with the statements that a connection keeps. */
export function selectFromSqlite(statementOf: (sql: string) => Statement): Select {
  const conversions = new WeakMap<Statement, ReturnType<typeof conversionsOf>>();
  return (query) => {
    const statement = statementOf(query.sql);
    const rows = statement.all(...query.values.map(toSqlite)) as Row[];
    const converted = conversions.get(statement) ?? conversionsOf(statement);
    conversions.set(statement, converted);
    for (const row of rows)
      for (const [name, convert] of converted)
        if (row[name] !== null) row[name] = convert(row[name] as never);
    return rows;
  };
}

const { INT8, NUMERIC, TIMESTAMP, BYTEA } = types.builtins;

/** What Prisma makes of a column of one of these types, where that is not what the driver makes of it. */
const FROM_POSTGRES: Readonly<Record<number, (text: string) => unknown>> = {
  [INT8]: BigInt,
  [NUMERIC]: Number,
  [TIMESTAMP]: (text) => new Date(`${text.replace(" ", "T")}Z`),
  [BYTEA]: (text) => plainBytes((types.getTypeParser(BYTEA) as (text: string) => Buffer)(text)),
};

const getTypeParser: typeof types.getTypeParser = (oid, format): unknown =>
  (format !== "binary" && FROM_POSTGRES[oid]) || types.getTypeParser(oid, format);

// Times have no zone in the database; the driver would write them in the zone of this process.
function toPostgres(value: unknown): unknown {
  return value instanceof Date ? value.toISOString().replace("T", " ").replace("Z", "") : value;
}

/** Reads over a connection of the pool. */
export function selectFromPostgres(pool: Pool): Select {
  return async ({ text, values }) => {
    const answer = await pool.query<Row>({ text, values: values.map(toPostgres), types: { getTypeParser } });
    return answer.rows;
  };
}

/**
 * The client with raw reads that go straight to the driver and answer what Prisma would: its way through a plan, a map
 * of types and spans takes longer than most statements do.
 */
export function readingDirectly(client: Client, select: Select): Client {
  const $queryRaw = async (query: TemplateStringsArray | Sql, ...values: unknown[]): Promise<Row[]> => {
    try {
      const rows = await select("raw" in query ? Prisma.sql(query, ...values) : query);
      await breathe();
      return rows;
    } catch (cause) {
      throw translate(cause);
    }
  };
  return client.$extends({ client: { $queryRaw } }) as unknown as Client;
}
