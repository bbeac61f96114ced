import type { SecretRecord, Secrets } from "../contract";
import { chunks } from "../database/chunks";
import type { Database, Unit } from "../database/database";
import { appendEvents } from "../events/append";

const IDS_AT_ONCE = 500;

function toRecord(row: SecretRecord): SecretRecord {
  const { name, version, keyId, nonce, ciphertext, description, origin } = row;
  return { name, version, keyId, nonce, ciphertext, description, origin };
}

async function upsert(
  unit: Unit,
  workspaceId: string,
  written: readonly SecretRecord[],
  userId: string,
): Promise<void> {
  for (const { name, nonce, ciphertext, ...rest } of written) {
    const values = {
      ...rest,
      nonce: new Uint8Array(nonce),
      ciphertext: new Uint8Array(ciphertext),
      updatedAt: unit.now,
      updatedBy: userId,
    };
    await unit.db.secret.upsert({
      where: { workspaceId_name: { workspaceId, name } },
      create: { workspaceId, name, ...values },
      update: values,
    });
  }
}

async function remove({ db }: Unit, workspaceId: string, names: readonly string[]): Promise<void> {
  if (names.length > 0) await db.secret.deleteMany({ where: { workspaceId, name: { in: [...names] } } });
}

/** Secrets as ciphertext; the store cannot read them. */
export function secrets(database: Database): Secrets {
  return {
    async list(workspaceId) {
      const rows = await database.read.secret.findMany({ where: { workspaceId }, orderBy: { name: "asc" } });
      return rows.map(toRecord);
    },
    async listMany(workspaceIds) {
      const found = new Map<string, SecretRecord[]>();
      for (const ids of chunks(workspaceIds, IDS_AT_ONCE)) {
        const rows = await database.read.secret.findMany({ where: { workspaceId: { in: ids } } });
        for (const row of rows)
          found.set(row.workspaceId, [...(found.get(row.workspaceId) ?? []), toRecord(row)]);
      }
      return found;
    },
    async put(workspaceId, written, userId, events) {
      await database.transaction(async (unit) => {
        await upsert(unit, workspaceId, written, userId);
        await appendEvents(unit, events);
      });
    },
    async delete(workspaceId, names, events) {
      await database.transaction(async (unit) => {
        await remove(unit, workspaceId, names);
        await appendEvents(unit, events);
      });
    },
    async change(workspaceId, { put, delete: names, userId }, events) {
      await database.transaction(async (unit) => {
        await remove(unit, workspaceId, names);
        await upsert(unit, workspaceId, put, userId);
        await appendEvents(unit, events);
      });
    },
    async reseal(fromKeyId, reseal, { name, value }) {
      return database.transaction(async (unit) => {
        // The setting first: its row is what two processes that rotate at once wait for each other at.
        await unit.db.$executeRaw`
          INSERT INTO "Setting" ("name", "value") VALUES (${name}, ${unit.sql.json({ value })})
          ON CONFLICT ("name") DO UPDATE SET "value" = ${unit.sql.json({ value })}`;
        const rows = await unit.db.secret.findMany({ where: { keyId: fromKeyId } });
        for (const { workspaceId, updatedBy, updatedAt, ...row } of rows) {
          const { nonce, ciphertext, keyId } = reseal(workspaceId, toRecord(row));
          await unit.db.secret.update({
            where: { workspaceId_name: { workspaceId, name: row.name } },
            data: {
              keyId,
              nonce: new Uint8Array(nonce),
              ciphertext: new Uint8Array(ciphertext),
              updatedBy,
              updatedAt,
            },
          });
        }
        return rows.length;
      });
    },
  };
}
