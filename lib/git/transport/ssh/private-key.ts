import { createHash, createPrivateKey, type KeyObject, randomBytes } from "node:crypto";
import { utils, type ParsedKey } from "ssh2";
import { AppError } from "@/lib/domain/error";
import type { SecretValue } from "@/lib/domain/repository";
import { TooSlow, unlockKey } from "./unlock-key";

// Decrypting a key takes a good part of a second on purpose, so what was read once is kept.
const REMEMBERED = 64;
const known = new Map<string, Promise<ParsedKey>>();

/**
 * Reads a private key, in OpenSSH's, PEM or PKCS#8 form. Throws RemoteAuthFailed with what to do when it cannot be
 * used; the message never repeats any of it.
 */
export async function readPrivateKey(
  key: SecretValue,
  passphrase: SecretValue | undefined,
): Promise<ParsedKey> {
  const text = key.reveal();
  const secret = passphrase?.reveal();
  const digest = createHash("sha256")
    .update(JSON.stringify([text, secret ?? null]))
    .digest("base64");
  const found = known.get(digest) ?? parse(text, secret);
  known.delete(digest);
  known.set(digest, found);
  const oldest = known.keys().next();
  if (known.size > REMEMBERED && !oldest.done) known.delete(oldest.value);
  try {
    return await found;
  } catch (error) {
    known.delete(digest);
    throw error;
  }
}

async function parse(text: string, secret: string | undefined): Promise<ParsedKey> {
  const isLocked = secret !== undefined && /BEGIN (OPENSSH|ENCRYPTED) PRIVATE KEY/.test(text);
  const opened = isLocked ? await unlocked(text, secret) : text;
  const plain = /BEGIN (ENCRYPTED )?PRIVATE KEY/.test(opened) ? fromPkcs8(opened) : opened;
  const parsed = utils.parseKey(plain, secret);
  if (parsed instanceof Error) throw problemOf(parsed, secret !== undefined);
  // A file may hold several keys, of which the first counts.
  const [first] = Array.isArray(parsed) ? (parsed as ParsedKey[]) : [parsed];
  if (!first?.isPrivateKey()) {
    throw failed("is a public key. Use the private key; its file name does not end in .pub");
  }
  return first;
}

async function unlocked(text: string, passphrase: string): Promise<string> {
  try {
    return await unlockKey(text, passphrase);
  } catch (error) {
    if (error instanceof TooSlow) {
      throw failed(
        "takes too long to decrypt because it was created with very many rounds. Use a copy created with: ssh-keygen -p -a 16 -f KEYFILE",
      );
    }
    if (isChacha(text)) {
      throw failed(
        "is encrypted with chacha20-poly1305, which is not supported. Use a copy created with: ssh-keygen -p -Z aes256-ctr -f KEYFILE",
      );
    }
    throw problemOf(error as Error, true);
  }
}

/** Whether an OpenSSH key names the one cipher of ssh-keygen that the SSH library cannot undo. */
function isChacha(text: string): boolean {
  const body = text.replace(/-----[A-Z ]+-----/g, "");
  return Buffer.from(body, "base64").subarray(0, 64).includes("chacha20-poly1305");
}

function fromPkcs8(text: string): string {
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === "rsa") return String(key.export({ format: "pem", type: "pkcs1" }));
    if (key.asymmetricKeyType === "ec") return String(key.export({ format: "pem", type: "sec1" }));
    if (key.asymmetricKeyType === "ed25519") return opensshForm(key);
  } catch (error) {
    throw problemOf(error as Error, false);
  }
  throw failed("is in an unknown format. Convert a copy with: ssh-keygen -p -f KEYFILE");
}

/** An Ed25519 key in the one form in which the SSH library reads it (OpenSSH's PROTOCOL.key). */
function opensshForm(key: KeyObject): string {
  const { d = "", x = "" } = key.export({ format: "jwk" });
  const type = Buffer.from("ssh-ed25519");
  const own = Buffer.from(x, "base64url");
  const check = randomBytes(4);
  const pair = Buffer.concat([Buffer.from(d, "base64url"), own]);
  const secret = Buffer.concat([check, check, field(type), field(own), field(pair), field(Buffer.alloc(0))]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1));
  const none = field(Buffer.from("none"));
  const bytes = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ...[none, none, field(Buffer.alloc(0))],
    Buffer.from([0, 0, 0, 1]),
    field(Buffer.concat([field(type), field(own)])),
    field(Buffer.concat([secret, padding])),
  ]);
  const lines = bytes.toString("base64").match(/.{1,70}/g) ?? [];
  const name = "OPENSSH PRIVATE KEY";
  return [`-----BEGIN ${name}-----`, ...lines, `-----END ${name}-----`, ""].join("\n");
}

function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function problemOf(error: Error, hasPassphrase: boolean): AppError {
  if (!hasPassphrase && /passphrase|encrypted/i.test(error.message)) {
    return failed(
      "is encrypted. Set its passphrase as auth.passphrase (AUTH_PASSPHRASE), or remove it from a copy with: ssh-keygen -p -N '' -f KEYFILE",
    );
  }
  if (hasPassphrase && /bad|decrypt|integrity|check/i.test(error.message)) {
    return failed("cannot be decrypted with this passphrase. Check the passphrase");
  }
  return failed(
    "cannot be read. It must be the whole private key with its BEGIN and END lines; line ends can be written as \\n",
  );
}

function failed(problem: string): AppError {
  return new AppError("RemoteAuthFailed", `The SSH key ${problem}.`, { reason: "key" });
}
