import { createHash, createPrivateKey } from "node:crypto";
import { utils, type ParsedKey } from "ssh2";
import { AppError } from "@/lib/domain/error";
import type { SecretValue } from "@/lib/domain/repository";

// Decrypting a key takes a good part of a second on purpose, so what was read once is kept.
const REMEMBERED = 64;
const known = new Map<string, ParsedKey>();

/**
 * Reads a private key, in OpenSSH's, PEM or PKCS#8 form. Throws RemoteAuthFailed with what to do when it cannot be
 * used; the message never repeats any of it.
 */
export function readPrivateKey(key: SecretValue, passphrase: SecretValue | undefined): ParsedKey {
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
  return found;
}

function parse(text: string, secret: string | undefined): ParsedKey {
  const plain = /BEGIN (ENCRYPTED )?PRIVATE KEY/.test(text) ? fromPkcs8(text, secret) : text;
  const parsed = utils.parseKey(plain, secret);
  if (parsed instanceof Error) throw problemOf(parsed, secret !== undefined);
  // A file may hold several keys, of which the first counts.
  const [first] = Array.isArray(parsed) ? (parsed as ParsedKey[]) : [parsed];
  if (!first?.isPrivateKey()) {
    throw failed("is a public key. Give the private one, which has no .pub at the end of its file's name");
  }
  return first;
}

function fromPkcs8(text: string, passphrase: string | undefined): string {
  try {
    const key = createPrivateKey({ key: text, ...(passphrase === undefined ? {} : { passphrase }) });
    if (key.asymmetricKeyType === "rsa") return String(key.export({ format: "pem", type: "pkcs1" }));
    if (key.asymmetricKeyType === "ec") return String(key.export({ format: "pem", type: "sec1" }));
  } catch (error) {
    throw problemOf(error as Error, passphrase !== undefined);
  }
  throw failed("is of a kind that is not understood. Convert a copy with: ssh-keygen -p -f KEYFILE");
}

function problemOf(error: Error, hasPassphrase: boolean): AppError {
  if (!hasPassphrase && /passphrase|encrypted/i.test(error.message)) {
    return failed(
      "is encrypted. Give its passphrase as auth.passphrase (AUTH_PASSPHRASE), or remove it from a copy with: ssh-keygen -p -N '' -f KEYFILE",
    );
  }
  if (hasPassphrase && /bad|decrypt|integrity|check/i.test(error.message)) {
    return failed("cannot be decrypted with this passphrase. Check the passphrase");
  }
  return failed(
    "cannot be read. It must be the whole private key with its BEGIN and END lines; line ends may be written \\n",
  );
}

function failed(problem: string): AppError {
  return new AppError("RemoteAuthFailed", `The SSH key ${problem}.`, { reason: "key" });
}
