import { PrismaPg } from "@prisma/adapter-pg";
import type { Pool } from "pg";
import { PrismaClient as PostgresClient } from "../generated/postgres/client";
import { Prisma, PrismaClient as SqliteClient } from "../generated/sqlite/client";
import { breathe } from "@/lib/runtime/pace";
import { translate } from "./failures";
import { KeepingSqlite } from "./statements";

export { Prisma };
/** Both generated clients, seen as one: made from the same models, they differ in types we do not use. */
export type Client = SqliteClient;
export type TransactionClient = Prisma.TransactionClient;
export type Sql = Prisma.Sql;

/** A client of one SQLite connection, set up to keep every commit unless `isDurable` is false, and its statements. */
export async function sqliteClient(
  path: string,
  isDurable: boolean,
): Promise<{ client: Client; statementOf: KeepingSqlite["statementOf"] }> {
  const adapter = new KeepingSqlite({ url: path, timeout: 5000 });
  const client = new SqliteClient({ adapter });
  await client.$queryRawUnsafe("PRAGMA foreign_keys = ON");
  // NORMAL may lose the last commits when the power fails; an acknowledged push must not be forgotten.
  await client.$queryRawUnsafe(`PRAGMA synchronous = ${isDurable ? "FULL" : "OFF"}`);
  return { client: withTurnsAndFailures(client), statementOf: (sql) => adapter.statementOf(sql) };
}

/** A client over a pool of PostgreSQL connections. */
export function postgresClient(pool: Pool): Client {
  const client = new PostgresClient({ adapter: new PrismaPg(pool) });
  return withTurnsAndFailures(client as unknown as Client);
}

function withTurnsAndFailures(client: Client): Client {
  const extended = client.$extends({
    query: {
      async $allOperations({ args, query }) {
        try {
          const result: unknown = await query(args);
          // SQLite's driver answers without waiting for anything: a row of queries would be one turn.
          await breathe();
          return result;
        } catch (cause) {
          throw translate(cause);
        }
      },
    },
  });
  return extended as unknown as Client;
}
