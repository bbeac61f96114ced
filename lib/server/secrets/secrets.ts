import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AppError } from "@/lib/domain/error";
import { SecretValue } from "@/lib/domain/repository";
import type { SecretRecord } from "@/lib/store/contract";
import type { Engine } from "../engine";
import { suppliedFor } from "../env";
import type { MasterKey } from "../env/master-key";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

type Address = Pick<SecretRecord, "name" | "version" | "keyId">;

/** Binds a row's content to its place: moved to another workspace, name or version it cannot be read. */
function additionalData(workspaceId: string, { name, version, keyId }: Address): Buffer {
  return Buffer.from([workspaceId, name, String(version), keyId].join("|"));
}

/** Encrypts a value for the row it will be stored in. */
export function sealSecret(
  key: MasterKey,
  workspaceId: string,
  secret: {
    name: string;
    version: number;
    value: SecretValue;
    description?: string | null;
    origin?: string | null;
  },
): SecretRecord {
  const { name, version, value, description = null, origin = null } = secret;
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key.bytes(), nonce);
  cipher.setAAD(additionalData(workspaceId, { name, version, keyId: key.id }));
  const ciphertext = Buffer.concat([
    cipher.update(value.reveal(), "utf8"),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return { name, version, keyId: key.id, nonce, ciphertext, description, origin };
}

function damaged(workspaceId: string, name: string, cause?: unknown): AppError {
  return new AppError(
    "Internal",
    `The secret ${name} cannot be decrypted: it was changed outside Switchyard or encrypted with another key. Store its value again.`,
    { workspaceId, name },
    { cause },
  );
}

/** Decrypts a stored secret. Throws Internal when it was tampered with or belongs to another key; never guesses. */
export function openSecret(key: MasterKey, workspaceId: string, record: SecretRecord): SecretValue {
  // Another process may not know the new key yet.
  if (key.previous?.id === record.keyId) return openSecret(key.previous, workspaceId, record);
  const sealed = Buffer.from(record.ciphertext);
  if (record.keyId !== key.id || sealed.length < TAG_BYTES) throw damaged(workspaceId, record.name);
  try {
    const decipher = createDecipheriv("aes-256-gcm", key.bytes(), record.nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(additionalData(workspaceId, record));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
    return new SecretValue(plain.toString("utf8"));
  } catch (cause) {
    throw damaged(workspaceId, record.name, cause);
  }
}

const PLATFORM_PREFIX = "prismeai_";

/** Whether a secret of this name is the platform's, which only super admins may read and change. */
export const isPlatformSecret = (name: string) => name.startsWith(PLATFORM_PREFIX);

export interface KnownSecret {
  value: SecretValue;
  /** The row it comes from; null: the environment supplies it. */
  record: SecretRecord | null;
}

/** A workspace's secrets by name: those of the environment, and those stored, which win. */
export async function knownSecrets(
  engine: Pick<Engine, "store" | "env" | "masterKey">,
  workspace: { id: string; slug: string },
): Promise<Map<string, KnownSecret>> {
  const known = new Map<string, KnownSecret>();
  for (const { slug, name, value } of engine.env.secretValues) {
    if (suppliedFor(slug, workspace.slug)) known.set(name, { value, record: null });
  }
  for (const record of await engine.store.secrets.list(workspace.id)) {
    known.set(record.name, { value: openSecret(engine.masterKey, workspace.id, record), record });
  }
  return known;
}

/** The values of a workspace's secrets, for `{{secret.name}}` and for hiding them. Throws NotFound. */
export async function secretValues(
  engine: Pick<Engine, "store" | "env" | "masterKey">,
  workspaceId: string,
): Promise<Map<string, SecretValue>> {
  const workspace = await engine.store.workspaces.get(workspaceId);
  if (!workspace) throw new AppError("NotFound", "This workspace no longer exists.", { workspaceId });
  const known = await knownSecrets(engine, workspace);
  return new Map([...known].map(([name, { value }]) => [name, value]));
}
