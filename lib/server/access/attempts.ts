import { AppError } from "@/lib/domain/error";
import { networkOf } from "@/lib/git/transport/addresses";
import type { Engine } from "../engine";
import { digest } from "./digest";

type AttemptEngine = Pick<Engine, "store">;

const WINDOW_MS = 15 * 60 * 1000;
const PER_ACCOUNT = 20;
// Many people may share one address, behind a proxy or an office's router.
const PER_ADDRESS = 500;

const accountKey = (email: string) => `account:${digest(email.trim().toLowerCase())}`;
// By network: whoever has one IPv6 address has 2^64 of them.
const addressKey = (address: string) => `address:${digest(networkOf(address))}`;

async function countOne(engine: AttemptEngine, key: string, limit: number, now: Date, whose: string) {
  const { count, since } = await engine.store.attempts.count(key, WINDOW_MS, now);
  if (count <= limit) return;
  const retryAfter = Math.max(1, Math.ceil((since.getTime() + WINDOW_MS - now.getTime()) / 1000));
  throw new AppError(
    "TooManyRequests",
    `Too many attempts to sign in ${whose}. Try again in ${String(Math.ceil(retryAfter / 60))} minutes, or use a sign-in link.`,
    { retryAfter },
  );
}

/**
 * Counts one attempt to sign in before its password is looked at, whether the account exists or not. The counters are
 * in the database, so that several server processes allow no more than one. Throws TooManyRequests with `retryAfter`
 * in seconds once too many were counted.
 */
export async function countAttempt(
  engine: AttemptEngine,
  { email, address }: { email: string; address: string | undefined },
  now: Date,
): Promise<void> {
  if (address !== undefined)
    await countOne(engine, addressKey(address), PER_ADDRESS, now, "from this address");
  await countOne(engine, accountKey(email), PER_ACCOUNT, now, "to this account");
}

/** Forgets an account's attempts after its owner signed in. */
export async function forgetAttempts(engine: AttemptEngine, email: string): Promise<void> {
  await engine.store.attempts.forget(accountKey(email));
}
