import { Prisma, type Sql } from "./client";
import { jsonText } from "./json";

export type Provider = "sqlite" | "postgresql";

/** Where the two databases speak differently. */
export interface Dialect {
  provider: Provider;
  /** Membership in a list of any length, passed as one parameter so no limit of parameters is met. */
  isIn(column: Sql, values: readonly string[]): Sql;
  /** The same as a look at rows that are found some other way, quick for thousands of values. */
  isAmong(column: Sql, values: readonly string[]): Sql;
  json(value: unknown): Sql;
  date(value: Date | null): Sql;
  integer(value: number | null): Sql;
  boolean(value: boolean): Sql;
  text(value: string | null): Sql;
  /** A JSON column as text that can be searched. */
  asText(column: Sql): Sql;
  /** The same as a value of its own, which nothing parses on its way here. */
  asPlainText(column: Sql): Sql;
  /** All values of a column as the text of one JSON list: each row of an answer costs as much as many values in it. */
  asList(column: Sql, filter?: Sql): Sql;
  /** Pattern match without regard to case, of letters beyond ASCII too; `\` escapes. */
  like: (value: Sql, pattern: string) => Sql;
  /** The time that leases are measured by. */
  now(clock: () => Date): Sql;
  forUpdate: Sql;
  forUpdateSkipLocked: Sql;
}

/** A letter in the cases it has, for databases that know those of ASCII alone, or of whatever their locale says. */
function casesOf(character: string): string {
  const cases = [character, character.toLowerCase(), character.toUpperCase()];
  const same = cases.filter(
    (one) => Array.from(one).length === 1 && one.toLowerCase() === character.toLowerCase(),
  );
  return [...new Set(same)].join("");
}

/** A LIKE pattern in other words: `any` and `one` for `%` and `_`, classes for letters, `literal` for the rest. */
function translated(
  pattern: string,
  any: string,
  one: string,
  literal: (character: string) => string,
): string {
  return Array.from(pattern.matchAll(/\\(.)|(.)/gsu), ([, escaped, plain]) => {
    if (plain === "%") return any;
    if (plain === "_") return one;
    const character = escaped ?? plain ?? "";
    const cases = casesOf(character);
    return cases.length > character.length ? `[${cases}]` : literal(character);
  }).join("");
}

const isAscii = (text: string) => !/\P{ASCII}/u.test(text);

function likeInSqlite(value: Sql, pattern: string): Sql {
  if (isAscii(pattern)) return Prisma.sql`${value} LIKE ${pattern} ESCAPE '\\'`;
  const glob = translated(pattern, "*", "?", (character) => character.replace(/[*?[]/, "[$&]"));
  return Prisma.sql`${value} GLOB ${glob}`;
}

function likeInPostgres(value: Sql, pattern: string): Sql {
  if (isAscii(pattern)) return Prisma.sql`${value} COLLATE "C" ILIKE ${pattern} ESCAPE '\\'`;
  const expression = translated(pattern, ".*", ".", (character) =>
    character.replace(/[\\^$.|?*+()[\]{}]/, "\\$&"),
  );
  return Prisma.sql`${value} COLLATE "C" ~ ${`^${expression}$`}`;
}

/** A list as JSON, its texts as they would be stored: no other can be equal to one that is. */
const listText = (values: readonly string[]) => jsonText(values) ?? "[]";

const isInSqlite = (column: Sql, values: readonly string[]) =>
  Prisma.sql`${column} IN (SELECT value FROM json_each(${listText(values)}))`;

const sqlite: Dialect = {
  provider: "sqlite",
  isIn: isInSqlite,
  isAmong: isInSqlite,
  json: (value) => Prisma.sql`${jsonText(value)}`,
  date: (value) => Prisma.sql`${value}`,
  integer: (value) => Prisma.sql`${value}`,
  boolean: (value) => Prisma.sql`${value}`,
  text: (value) => Prisma.sql`${value}`,
  asText: (column) => column,
  asPlainText: (column) => Prisma.sql`CAST(${column} AS TEXT)`,
  asList: (column, filter = Prisma.empty) => Prisma.sql`json_group_array(${column}) ${filter}`,
  like: likeInSqlite,
  now: (clock) => Prisma.sql`${clock()}`,
  forUpdate: Prisma.empty,
  forUpdateSkipLocked: Prisma.empty,
};

// The casts tell PostgreSQL the types of parameters in lists of values, which it would take for text.
const postgresql: Dialect = {
  provider: "postgresql",
  isIn: (column, values) =>
    Prisma.sql`${column} = ANY(ARRAY(SELECT jsonb_array_elements_text(CAST(${listText(values)} AS jsonb))))`,
  // An array is looked through for every row, a subquery hashed once; the CASE keeps it from being made a join.
  isAmong: (column, values) =>
    Prisma.sql`CASE WHEN ${column} IN (SELECT jsonb_array_elements_text(CAST(${listText(values)} AS jsonb)))
      THEN TRUE ELSE FALSE END`,
  json: (value) => Prisma.sql`CAST(${jsonText(value)} AS jsonb)`,
  date: (value) => Prisma.sql`CAST(${value} AS timestamp(3))`,
  integer: (value) => Prisma.sql`CAST(${value} AS integer)`,
  boolean: (value) => Prisma.sql`CAST(${value} AS boolean)`,
  text: (value) => Prisma.sql`CAST(${value} AS text)`,
  asText: (column) => Prisma.sql`CAST(${column} AS text)`,
  asPlainText: (column) => Prisma.sql`CAST(${column} AS text)`,
  asList: (column, filter = Prisma.empty) =>
    Prisma.sql`CAST(COALESCE(json_agg(${column}) ${filter}, '[]') AS text)`,
  like: likeInPostgres,
  // Several server processes have several clocks; the database has one.
  now: () => Prisma.sql`CAST(clock_timestamp() AT TIME ZONE 'UTC' AS timestamp(3))`,
  forUpdate: Prisma.sql`FOR UPDATE`,
  forUpdateSkipLocked: Prisma.sql`FOR UPDATE SKIP LOCKED`,
};

export function dialectOf(provider: Provider): Dialect {
  return provider === "sqlite" ? sqlite : postgresql;
}

/** Text in which no character has a meaning in a LIKE pattern. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}

/** The form in which Prisma keeps and compares times in SQLite. */
export function timeText(time: Date): string {
  return time.toISOString().replace("Z", "+00:00");
}
