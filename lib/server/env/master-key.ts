import { createHash, randomBytes } from "node:crypto";
import { link, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Jobs } from "@/lib/store/contract";
import { ConfigurationError, type Env } from ".";

/** The key that encrypts secrets, with the id under which rows name it. Prints as its id only. */
export class MasterKey {
  readonly id: string;
  /** The key that this one took the place of, for what another process may still seal with it. */
  readonly previous: MasterKey | null;
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array, previous: MasterKey | null = null) {
    this.previous = previous;
    this.#bytes = Buffer.from(bytes);
    this.id = createHash("sha256").update("switchyard master key\n").update(bytes).digest("hex").slice(0, 16);
  }

  bytes(): Uint8Array {
    return this.#bytes;
  }

  toJSON(): string {
    return `[master key ${this.id}]`;
  }
}

/** The setting that names the key a database belongs to. */
export const MASTER_KEY_SETTING = "masterKey";
const SETTING = MASTER_KEY_SETTING;

function decode(text: string): Uint8Array | null {
  const clean = text.trim();
  const bytes = /^[0-9a-fA-F]{64}$/.test(clean) ? Buffer.from(clean, "hex") : Buffer.from(clean, "base64");
  return bytes.length === 32 ? bytes : null;
}

/** Where the key is kept when the environment gives none. */
export function masterKeyPath(dataDir: string): string {
  return join(dataDir, "master.key");
}

async function readKeyFile(path: string): Promise<MasterKey | null> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw new ConfigurationError([
      `SWITCHYARD_MASTER_KEY is not set and ${path} cannot be read (${code ?? "unknown"}).`,
    ]);
  });
  if (text === null) return null;
  const bytes = decode(text);
  if (!bytes)
    throw new ConfigurationError([
      `${path} does not contain a master key; restore the right file, or remove it.`,
    ]);
  return new MasterKey(bytes);
}

/** Writes a new key so that nobody ever reads half of it, and keeps the other one when two processes start at once. */
async function createKeyFile(path: string): Promise<MasterKey> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
  try {
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await unlink(draft);
  }
  const key = await readKeyFile(path);
  if (!key) throw new ConfigurationError([`${path} vanished while it was being written.`]);
  return key;
}

function settledId(value: unknown): string | null {
  return typeof value === "object" && value !== null && "keyId" in value ? String(value.keyId) : null;
}

/**
 * The master key of this instance, made at the first start. Throws ConfigurationError when it is not the one that the
 * database's secrets were encrypted with.
 */
export async function loadMasterKey(
  env: Pick<Env, "masterKey" | "dataDir"> & Partial<Pick<Env, "previousMasterKey">>,
  jobs: Pick<Jobs, "setting" | "settleSetting">,
): Promise<MasterKey> {
  const path = masterKeyPath(env.dataDir);
  const given = env.masterKey === undefined ? null : decode(env.masterKey.reveal());
  const present = given ? new MasterKey(given) : await readKeyFile(path);
  const expected = settledId(await jobs.setting(SETTING));
  // A process that starts at the same time writes the file first and the setting after it.
  const found = present ?? (expected === null ? null : await readKeyFile(path));
  if (!found && expected !== null)
    throw new ConfigurationError([
      `SWITCHYARD_MASTER_KEY is not set and ${path} is missing, but this database contains secrets encrypted with the master key ${expected}. Restore that key.`,
    ]);
  const key = found ?? (await createKeyFile(path));
  const settled = settledId(await jobs.settleSetting(SETTING, { keyId: key.id }));
  const formerBytes = env.previousMasterKey ? decode(env.previousMasterKey.reveal()) : null;
  const former = formerBytes ? new MasterKey(formerBytes) : null;
  if (former && former.id !== key.id && (settled === former.id || settled === key.id))
    return new MasterKey(key.bytes(), former);
  if (settled !== key.id)
    throw new ConfigurationError([
      `${given ? "SWITCHYARD_MASTER_KEY" : path} is the master key ${key.id}, but this database belongs to the master key ${settled ?? "unknown"}. Restore that key, set it in SWITCHYARD_MASTER_KEY_PREVIOUS to rotate to the new one, or use another database.`,
    ]);
  return key;
}
