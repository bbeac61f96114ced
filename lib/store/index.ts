import { AppError } from "@/lib/domain/error";
import { accounts } from "./accounts/accounts";
import { secrets } from "./accounts/secrets";
import { domains } from "./domains/domains";
import { attempts } from "./audit/attempts";
import { auditLog } from "./audit/audit-log";
import { figures } from "./audit/figures";
import { idempotencyLog } from "./audit/idempotency-log";
import type { Store } from "./contract";
import { openPostgres, openSqlite, sqlitePath, type Database } from "./database/database";
import { defaultMigrationsDir, migratePostgres, migrateSqlite } from "./database/migrations/migrate";
import { eventLog } from "./events/event-log";
import { watchEvents } from "./events/watch";
import { locks } from "./locks/locks";
import { jobs } from "./operations/jobs";
import { operationLog } from "./operations/operation-log";
import { workspaces } from "./workspaces/workspaces";

export * from "./contract";
export { sqlitePath } from "./database/database";

export interface StoreOptions {
  /** `file:…` for SQLite, `postgresql://…` for several server processes. */
  url: string;
  clock?: () => Date;
  /** The ceiling of a lock after its last sign. */
  lockTimeoutMinutes: number;
  /** How long an operation's lock outlives the last sign of its holder. */
  leaseMs?: number;
  /** Folder with `sqlite` and `postgres` migrations; default: `prisma/migrations` where the server runs. */
  migrationsDir?: string;
  /** False: SQLite does not wait for the disk, so a power failure may lose the last commits. For tests. */
  isDurable?: boolean;
  /** Connections to PostgreSQL. */
  poolSize?: number;
}

const LEASE_MS = 30_000;

async function openDatabase(options: StoreOptions): Promise<Database> {
  const { url, clock = () => new Date(), migrationsDir = defaultMigrationsDir() } = options;
  if (url.startsWith("file:")) {
    const path = sqlitePath(url);
    migrateSqlite(path, migrationsDir);
    return openSqlite(path, clock, options.isDurable ?? true);
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    await migratePostgres(url, migrationsDir);
    return openPostgres(url, clock, options.poolSize ?? 10);
  }
  throw new AppError(
    "InvalidRequest",
    "DATABASE_URL begins with neither file: nor postgresql://. Set it to one of them.",
  );
}

/** Opens the database and brings it up to date. Throws Unavailable when it cannot be reached or is not ours. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const database = await openDatabase(options);
  const watch = watchEvents(database, options.url);
  const ceilingMs = options.lockTimeoutMinutes * 60_000;
  const leaseMs = Math.min(options.leaseMs ?? LEASE_MS, ceilingMs);
  return {
    provider: database.provider,
    workspaces: workspaces(database),
    locks: locks(database, { leaseMs, ceilingMs }),
    events: eventLog(database, watch),
    operations: operationLog(database),
    accounts: accounts(database),
    secrets: secrets(database),
    domains: domains(database),
    jobs: jobs(database),
    attempts: attempts(database),
    audit: auditLog(database),
    idempotency: idempotencyLog(database),
    figures: () => figures(database),
    async ping() {
      await database.read.$queryRaw`SELECT 1`;
    },
    async close() {
      await watch.close();
      await database.close();
    },
  };
}
