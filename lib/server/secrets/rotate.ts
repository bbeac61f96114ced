import type { Store } from "@/lib/store";
import { MASTER_KEY_SETTING, type MasterKey } from "../env/master-key";
import { openSecret, sealSecret } from "./secrets";

/**
 * Seals every secret of the previous master key with the new one; does nothing without a previous key. All or nothing,
 * and safe to repeat: a process that still sealed with the old key meanwhile is made up for at the next start.
 */
export async function rotateMasterKey(store: Pick<Store, "secrets">, key: MasterKey): Promise<number> {
  const { previous } = key;
  if (!previous) return 0;
  return store.secrets.reseal(
    previous.id,
    (workspaceId, record) =>
      sealSecret(key, workspaceId, { ...record, value: openSecret(previous, workspaceId, record) }),
    { name: MASTER_KEY_SETTING, value: { keyId: key.id } },
  );
}
