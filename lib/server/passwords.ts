import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { AppError } from "@/lib/domain/error";

/** What one scrypt hash costs: about 128·N·r bytes of memory, and time in proportion to N·r·p. */
export interface ScryptCost {
  N: number;
  r: number;
  p: number;
}

/** Checks and hashes passwords, a few at a time. */
export interface Passwords {
  /** A salted hash that carries its own parameters. Throws TooManyRequests. */
  hash(password: string): Promise<string>;
  /** Whether `password` is the one of `hash`; costs the same when there is no hash. Throws TooManyRequests. */
  matches(password: string, hash: string | null): Promise<boolean>;
  /** Whether `hash` was made in a way that is no longer today's. */
  isOutdated(hash: string): boolean;
}

// What OWASP advises for scrypt: 128 MiB for each hash.
const COST: ScryptCost = { N: 2 ** 17, r: 8, p: 1 };
const KEY_BYTES = 32;
// 256 MiB at most, and half of the four threads that Node also needs for files and DNS.
const AT_ONCE = 2;
// Further ones would wait for longer than anybody waits to be signed in.
const WAITING_AT_MOST = 64;
const RETRY_AFTER_SECONDS = 10;

function derive(password: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
  // Node refuses more than `maxmem`; scrypt needs 128·N·r bytes and a little more.
  const options = { ...cost, maxmem: 256 * cost.N * cost.r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, KEY_BYTES, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

interface ParsedHash {
  cost: ScryptCost;
  salt: Buffer;
  key: Buffer;
}

function parse(hash: string): ParsedHash | null {
  const [scheme, n, r, p, salt, key] = hash.split("$");
  if (scheme !== "scrypt" || !salt || !key) return null;
  return {
    cost: { N: Number(n), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, "base64url"),
    key: Buffer.from(key, "base64url"),
  };
}

const work = ({ N, r, p }: ScryptCost) => N * r * p;

/** Lets `AT_ONCE` tasks run, the others wait in their order. */
function turns() {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (running >= AT_ONCE) {
      if (waiting.length >= WAITING_AT_MOST)
        throw new AppError(
          "TooManyRequests",
          `Too many people are signing in right now. Try again in ${String(RETRY_AFTER_SECONDS)} seconds.`,
          { retryAfter: RETRY_AFTER_SECONDS },
        );
      // Whoever finishes hands its place over, so `running` stays as it is.
      await new Promise<void>((resume) => waiting.push(resume));
    } else running += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/** One for each process, since it bounds what hashing takes from it. */
export function createPasswords(cost: ScryptCost = COST): Passwords {
  const inTurn = turns();

  /** After a wrong guess of a cheaper hash: the rest of the work, so that its time does not tell who has an account. */
  async function topUp(password: string, { cost: spent, salt }: ParsedHash): Promise<void> {
    const missing = Math.round((work(cost) - work(spent)) / (spent.N * spent.r));
    if (missing > 0) await derive(password, salt, { ...spent, p: missing });
  }

  return {
    hash: (password) =>
      inTurn(async () => {
        const salt = randomBytes(16);
        const key = await derive(password, salt, cost);
        return ["scrypt", cost.N, cost.r, cost.p, salt.toString("base64url"), key.toString("base64url")].join(
          "$",
        );
      }),
    matches: (password, hash) =>
      inTurn(async () => {
        const parsed = hash === null ? null : parse(hash);
        // Without a hash to look at, the work is done all the same and its result thrown away.
        const { salt, key, cost: own } = parsed ?? { salt: randomBytes(16), key: null, cost };
        const actual = await derive(password, salt, own);
        if (key?.length === actual.length && timingSafeEqual(key, actual)) return true;
        if (parsed) await topUp(password, parsed);
        return false;
      }),
    isOutdated(hash) {
      const parsed = parse(hash);
      return parsed === null || work(parsed.cost) < work(cost);
    },
  };
}

/** A password for someone to type once: 118 bits, no look-alikes to mistake. */
export function generatePassword(): string {
  const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
  const bytes = randomBytes(24);
  return Array.from(bytes, (byte, index) => {
    const letter = alphabet[byte % alphabet.length] ?? "a";
    return index > 0 && index % 6 === 0 ? `-${letter}` : letter;
  }).join("");
}
