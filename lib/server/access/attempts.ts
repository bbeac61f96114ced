import { AppError } from "@/lib/domain/error";
import { networkOf } from "@/lib/net/addresses";
import type { Engine } from "../engine";
import { digest } from "./digest";

type AttemptEngine = Pick<Engine, "store">;

const MINUTE_MS = 60_000;
const WINDOW_MS = 15 * MINUTE_MS;
/** Guesses of an account's password from all places that never signed in to it, taken together. */
const PER_ACCOUNT = 20;
// Many people may share one address, behind a proxy or an office's router.
const PER_ADDRESS = 500;
/** From a place that signed in before, so many a minute: whoever mistyped, or shares it with a guesser, waits a moment. */
const PER_MINUTE_WHERE_KNOWN = 20;
const KNOWN_MS = 180 * 24 * 60 * MINUTE_MS;

/** Who tries to sign in, and from where. */
interface Attempt {
  email: string;
  address: string | undefined;
}

const accountOf = (email: string) => digest(email.trim().toLowerCase());
// By network: whoever has one IPv6 address has 2^64 of them.
const placeOf = (address: string | undefined) => (address === undefined ? "" : digest(networkOf(address)));
const knownKey = ({ email, address }: Attempt) => `known:${accountOf(email)}:${placeOf(address)}`;

async function countOne(
  engine: AttemptEngine,
  key: string,
  { limit, windowMs, whose }: { limit: number; windowMs: number; whose: string },
  now: Date,
): Promise<void> {
  const { count, since } = await engine.store.attempts.count(key, windowMs, now);
  if (count <= limit) return;
  const retryAfter = Math.max(1, Math.ceil((since.getTime() + windowMs - now.getTime()) / 1000));
  const minutes = Math.ceil(retryAfter / 60);
  throw new AppError(
    "TooManyRequests",
    `Too many attempts to sign in ${whose}. Try again in ${minutes === 1 ? "a minute" : `${String(minutes)} minutes`}, use a sign-in link, or sign in where you have signed in before.`,
    { retryAfter },
  );
}

/**
 * Counts one attempt to sign in before its password is looked at, whether the account exists or not. The counters are
 * in the database, so that several server processes allow no more than one. A place that signed in to the account
 * before has a counter of its own, which no stranger can use up. Throws TooManyRequests with `retryAfter` in seconds.
 */
export async function countAttempt(engine: AttemptEngine, attempt: Attempt, now: Date): Promise<void> {
  const { email, address } = attempt;
  if (await engine.store.attempts.has(knownKey(attempt), now)) {
    const limits = { limit: PER_MINUTE_WHERE_KNOWN, windowMs: MINUTE_MS, whose: "to this account" };
    return countOne(engine, `here:${accountOf(email)}:${placeOf(address)}`, limits, now);
  }
  const window = { windowMs: WINDOW_MS };
  if (address !== undefined)
    await countOne(
      engine,
      `address:${placeOf(address)}`,
      { ...window, limit: PER_ADDRESS, whose: "from this address" },
      now,
    );
  await countOne(
    engine,
    `account:${accountOf(email)}`,
    { ...window, limit: PER_ACCOUNT, whose: "to this account" },
    now,
  );
}

/** Counts a guess of the current password by somebody who is signed in; what strangers guess is no part of it. */
export async function countPasswordCheck(engine: AttemptEngine, userId: string, now: Date): Promise<void> {
  const limits = { limit: PER_ACCOUNT, windowMs: WINDOW_MS, whose: "with the current password" };
  await countOne(engine, `check:${userId}`, limits, now);
}

/** Lets the owner of an account check their password afresh. */
export async function forgetPasswordChecks(engine: AttemptEngine, userId: string): Promise<void> {
  await engine.store.attempts.forget(`check:${userId}`);
}

/** Remembers where somebody signed in, and forgets what was mistyped there before. */
export async function rememberPlace(engine: AttemptEngine, attempt: Attempt, now: Date): Promise<void> {
  const { attempts } = engine.store;
  await attempts.count(knownKey(attempt), KNOWN_MS, now);
  await attempts.forget(`here:${accountOf(attempt.email)}:${placeOf(attempt.address)}`);
}
