import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@/lib/domain/error";

export interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/** A row of Prisma's bookkeeping table. */
export interface AppliedMigration {
  migration_name: string;
  checksum: string;
  finished_at: unknown;
  rolled_back_at: unknown;
}

/** The migrations of a folder, in their order. */
export function readMigrations(folder: string): Migration[] {
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const migrations = names
    .filter((name) => existsSync(join(folder, name, "migration.sql")))
    .map((name) => {
      const bytes = readFileSync(join(folder, name, "migration.sql"));
      return {
        name,
        sql: bytes.toString("utf8"),
        checksum: createHash("sha256").update(bytes).digest("hex"),
      };
    });
  if (migrations.length === 0) {
    throw refused(`No migrations were found in ${folder}. Start the server from its own folder.`);
  }
  return migrations;
}

function refused(message: string): AppError {
  return new AppError("Unavailable", message);
}

/** Those still to be applied. Throws when the database is newer than this server, or was altered. */
export function pendingMigrations(all: readonly Migration[], rows: readonly AppliedMigration[]): Migration[] {
  const known = new Map(all.map((migration) => [migration.name, migration]));
  const applied = new Map<string, AppliedMigration>();
  for (const row of rows) if (row.rolled_back_at === null) applied.set(row.migration_name, row);
  for (const [name, row] of applied) {
    const migration = known.get(name);
    if (!migration) {
      throw refused(
        `The database was migrated by a newer Switchyard (${name}). Start that version, or restore a backup made before it.`,
      );
    }
    if (row.finished_at === null) {
      throw refused(
        `The migration ${name} started but never finished. Restore a backup, or repair it with prisma migrate resolve.`,
      );
    }
    if (row.checksum !== migration.checksum) {
      throw refused(
        `The migration ${name} is not the one that made this database. Use the migrations of the release it was made with.`,
      );
    }
  }
  const pending = all.filter(({ name }) => !applied.has(name));
  const firstPending = pending[0];
  const gap = firstPending && all.findLast(({ name }) => applied.has(name) && name > firstPending.name);
  if (gap) {
    throw refused(`The database has ${gap.name} but not ${firstPending.name} before it. Restore a backup.`);
  }
  return pending;
}

/** A database that holds tables but no bookkeeping belongs to something else. */
export function refuseForeignDatabase(tables: number): void {
  if (tables > 0) {
    throw refused("The database contains another application's tables. Give Switchyard an empty database.");
  }
}
