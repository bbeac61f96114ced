import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import type { Database, Statement } from "better-sqlite3";
import { invariant } from "@/lib/domain/error";

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

type Prepare = (sql: string) => Statement;

/** Prepares a statement unless it is among those used last; a change of the schema makes SQLite prepare it again. */
function keeping(prepare: Prepare): Prepare {
  const kept = new Map<string, Statement>();
  return (sql) => {
    const statement = kept.get(sql) ?? prepare(sql);
    kept.delete(sql);
    kept.set(sql, statement);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return statement;
  };
}

/**
 * Prisma's adapter of SQLite, whose connections keep their statements. It prepares each one anew, which takes as long as
 * most queries do.
 */
export class KeepingSqlite extends PrismaBetterSqlite3 {
  #statementOf: Prepare | undefined;

  override async connect() {
    const adapter = await super.connect();
    const { client } = adapter as unknown as { client: Database };
    const prepare = client.prepare.bind(client) as Prepare;
    const statementOf = keeping(prepare);
    const replacement = (sql: string) => {
      const statement = statementOf(sql);
      return { ...bound(statement, []), bind: (args: readonly unknown[]) => bound(statement, args) };
    };
    client.prepare = replacement as unknown as Database["prepare"];
    // The adapter has the connection answer whole numbers as BigInt.
    this.#statementOf = keeping((sql) => prepare(sql).safeIntegers(false));
    return adapter;
  }

  /** A kept statement of the connection, for those who need no Prisma to run it; whole numbers are numbers. */
  statementOf(sql: string): Statement {
    invariant(this.#statementOf, "a client connects before it is used");
    return this.#statementOf(sql);
  }
}
