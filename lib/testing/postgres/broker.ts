import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import {
  defaultMigrationsDir,
  migratePostgres,
  migrateSqlite,
} from "@/lib/store/database/migrations/migrate";
import { startPostgres, type PostgresServer } from "./server";

/** What tests copy: a migrated SQLite file, a migrated PostgreSQL database. */
export interface Templates {
  sqlite: string;
  /** Absent where no PostgreSQL can be had. */
  postgres?: { url: string; template: string };
}

export interface Broker {
  url: string;
  close: () => Promise<void>;
}

const TEMPLATE = "switchyard_template";

/**
 * Answers worker processes on loopback with the templates, made when the first one asks: a run without database tests
 * starts nothing, and a run with many starts one server.
 */
export async function serveTestDatabases(): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-tests-"));
  let server: PostgresServer | null = null;
  let sqlite: string | null = null;
  let postgres: Promise<Templates["postgres"]> | null = null;

  function sqliteTemplate(): string {
    if (sqlite) return sqlite;
    const path = join(folder, "template.db");
    migrateSqlite(path, defaultMigrationsDir());
    return (sqlite = path);
  }

  async function postgresTemplate(): Promise<Templates["postgres"]> {
    server = await startPostgres();
    if (!server) return undefined;
    const client = new Client({ connectionString: server.url });
    await client.connect();
    await client.query(`CREATE DATABASE "${TEMPLATE}"`);
    await client.end();
    await migratePostgres(server.url.replace(/[^/]*$/, TEMPLATE), defaultMigrationsDir());
    console.info(`PostgreSQL for tests: ${server.origin}`);
    return { url: server.url, template: TEMPLATE };
  }

  const http = createServer((request, response) => {
    // A worker asks once; a connection kept open would be closed under its next request.
    response.setHeader("connection", "close");
    const wanted = request.url === "/postgres" ? (postgres ??= postgresTemplate()) : null;
    Promise.resolve(wanted)
      .then((found) => {
        const templates: Templates = { sqlite: sqliteTemplate(), ...(found ? { postgres: found } : {}) };
        response.end(JSON.stringify(templates));
      })
      .catch((error: unknown) => {
        response.statusCode = 500;
        response.end(error instanceof Error ? error.message : String(error));
      });
  });
  const url = await listen(http);
  return {
    url,
    close: async () => {
      http.closeAllConnections();
      http.close();
      await postgres?.catch(() => undefined);
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listen(http: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(0, "127.0.0.1", () => {
      const address = http.address();
      if (address && typeof address === "object") resolve(`http://127.0.0.1:${String(address.port)}`);
      else reject(new Error("The broker of test databases has no address."));
    });
  });
}
