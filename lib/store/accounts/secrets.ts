import type { Secrets } from "../contract";
import type { Database } from "../database/database";
import { appendEvents } from "../events/append";

/** Secrets as ciphertext; the store cannot read them. */
export function secrets(database: Database): Secrets {
  return {
    async list(workspaceId) {
      const rows = await database.read.secret.findMany({ where: { workspaceId }, orderBy: { name: "asc" } });
      return rows.map(({ name, version, keyId, nonce, ciphertext, description, origin }) => ({
        name,
        version,
        keyId,
        nonce,
        ciphertext,
        description,
        origin,
      }));
    },
    async put(workspaceId, written, userId, events) {
      await database.transaction(async (unit) => {
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
        await appendEvents(unit, events);
      });
    },
    async delete(workspaceId, names, events) {
      await database.transaction(async (unit) => {
        await unit.db.secret.deleteMany({ where: { workspaceId, name: { in: [...names] } } });
        await appendEvents(unit, events);
      });
    },
  };
}
