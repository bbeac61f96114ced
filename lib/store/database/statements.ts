import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import type { Database, Statement } from "better-sqlite3";

/** So many statements of a connection are kept; those used last. */
const KEPT = 300;

/** What Prisma's adapter does with a statement, with its arguments given when it runs. */
function bound(statement: Statement, args: readonly unknown[]) {
  return {
    reader: statement.reader,
    columns: () => statement.columns(),
    run: () => statement.run(...args),
    raw: () => ({ all: () => statement.raw(true).all(...args) }),
  };
}

/**
 * Lets a connection keep its statements. The adapter prepares each one anew, which takes as long as most queries do;
 * a change of the schema makes SQLite prepare it again by itself.
 */
function keepStatements(client: Pick<Database, "prepare">): void {
  const kept = new Map<string, Statement>();
  const prepare = client.prepare.bind(client) as (sql: string) => Statement;
  const replacement = (sql: string) => {
    const statement = kept.get(sql) ?? prepare(sql);
    kept.delete(sql);
    kept.set(sql, statement);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return { ...bound(statement, []), bind: (args: readonly unknown[]) => bound(statement, args) };
  };
  client.prepare = replacement as unknown as Database["prepare"];
}

/** Prisma's adapter of SQLite, whose connections keep their statements. */
export class KeepingSqlite extends PrismaBetterSqlite3 {
  override async connect() {
    const adapter = await super.connect();
    keepStatements((adapter as unknown as { client: Database }).client);
    return adapter;
  }
}
