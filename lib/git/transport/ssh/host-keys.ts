import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** A server's key that was accepted once and must not change. */
interface PinnedHostKey {
  host: string;
  port: number;
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`. */
  type: string;
  /** `SHA256:…`, as ssh-keygen prints it. */
  fingerprint: string;
}

/** The keys of SSH servers, pinned when each was first spoken to. */
export interface HostKeys {
  /** All that are pinned, or those of one server. */
  list(server?: { host: string; port: number }): Promise<PinnedHostKey[]>;
  pin(server: { host: string; port: number }, key: Buffer): Promise<void>;
  /** Answers what was forgotten. */
  forget(server: { host: string; port: number }): Promise<PinnedHostKey[]>;
}

/** Where the text of the known hosts is kept. */
interface Storage {
  read(): Promise<string>;
  append(line: string): Promise<void>;
  replace(text: string): Promise<void>;
}

/** As `known_hosts` of ssh clients, so that an administrator may fill it with ssh-keyscan. */
class KnownHosts implements HostKeys {
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly storage: Storage) {}

  async list(server?: { host: string; port: number }): Promise<PinnedHostKey[]> {
    const found = linesOf(await this.storage.read()).flatMap(keysOf);
    return server ? found.filter((key) => isOf(server, key)) : found;
  }

  pin(server: { host: string; port: number }, key: Buffer): Promise<void> {
    return this.#inTurn(async () => {
      const type = keyType(key);
      const known = await this.list(server);
      if (known.some((one) => one.type === type && one.fingerprint === fingerprint(key))) return;
      await this.storage.append(`${nameOf(server)} ${type} ${key.toString("base64")}\n`);
    });
  }

  forget(server: { host: string; port: number }): Promise<PinnedHostKey[]> {
    return this.#inTurn(async () => {
      const lines = linesOf(await this.storage.read());
      const gone = lines.flatMap(keysOf).filter((key) => isOf(server, key));
      if (gone.length === 0) return [];
      const kept = lines.flatMap((line) => withoutServer(line, server));
      await this.storage.replace(kept.map((line) => `${line}\n`).join(""));
      return gone;
    });
  }

  /** Changes of one process happen one after the other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

/** Pinned keys in a file. */
export function fileHostKeys(path: string): HostKeys {
  return new KnownHosts({
    async read() {
      try {
        return await readFile(path, "utf8");
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
        throw error;
      }
    },
    async append(line) {
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, line, { mode: 0o600 });
    },
    async replace(text) {
      const next = `${path}.${String(process.pid)}.tmp`;
      await writeFile(next, text, { mode: 0o600 });
      await rename(next, path);
    },
  });
}

/** Pinned keys that last as long as the process. */
export function memoryHostKeys(): HostKeys {
  let text = "";
  return new KnownHosts({
    read: () => Promise.resolve(text),
    append: (line) => Promise.resolve(void (text += line)),
    replace: (next) => Promise.resolve(void (text = next)),
  });
}

/** As ssh-keygen prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** The type that a public key in SSH's wire form names first. */
export function keyType(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  const type = key.toString("latin1", 4, 4 + Math.min(length, 100));
  return /^[a-z0-9@.-]+$/.test(type) ? type : "unknown";
}

function nameOf({ host, port }: { host: string; port: number }): string {
  return port === 22 ? host : `[${host}]:${String(port)}`;
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

// Lines with markers or hashed names are other clients' business: they stay, and pin nothing.
const LINE = /^([^\s@#|]\S*)\s+(\S+)\s+([A-Za-z0-9+/=]+)/;

function keysOf(line: string): PinnedHostKey[] {
  const [, names, , key] = LINE.exec(line) ?? [];
  if (names === undefined || key === undefined) return [];
  const bytes = Buffer.from(key, "base64");
  return names.split(",").map((name) => ({
    ...serverOf(name),
    type: keyType(bytes),
    fingerprint: fingerprint(bytes),
  }));
}

function serverOf(name: string): { host: string; port: number } {
  const [, host, port] = /^\[(.+)\]:(\d+)$/.exec(name) ?? [];
  return host === undefined
    ? { host: name.toLowerCase(), port: 22 }
    : { host: host.toLowerCase(), port: Number(port) };
}

function isOf(server: { host: string; port: number }, key: PinnedHostKey): boolean {
  return key.host === server.host.toLowerCase() && key.port === server.port;
}

function withoutServer(line: string, server: { host: string; port: number }): string[] {
  const [, names] = LINE.exec(line) ?? [];
  if (names === undefined) return [line];
  const kept = names.split(",").filter((name) => {
    const one = serverOf(name);
    return one.host !== server.host.toLowerCase() || one.port !== server.port;
  });
  return kept.length === 0 ? [] : [`${kept.join(",")}${line.slice(names.length)}`];
}
