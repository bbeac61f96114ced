import { AppError } from "@/lib/domain/error";
import { digest } from "./digest";

const WINDOW_MS = 15 * 60 * 1000;
const MAX_ATTEMPTS = 20;
const MAX_ACCOUNTS = 50_000;

interface Attempts {
  count: number;
  since: number;
}

// On globalThis: the bundler may load this module more than once in one process.
const shared = globalThis as typeof globalThis & { switchyardSignIns?: Map<string, Attempts> };
const accounts = (shared.switchyardSignIns ??= new Map<string, Attempts>());

function forgetOld(now: number): void {
  for (const [key, attempts] of accounts) {
    if (now - attempts.since >= WINDOW_MS || accounts.size > MAX_ACCOUNTS) accounts.delete(key);
  }
}

/**
 * Counts one attempt to sign in to an account before its password is looked at, whether the account exists or not.
 * Throws TooManyRequests with `retryAfter` in seconds once too many were counted.
 */
export function countAttempt(email: string, now: Date): void {
  const key = digest(email.trim().toLowerCase());
  const time = now.getTime();
  const known = accounts.get(key);
  if (!known || time - known.since >= WINDOW_MS) {
    if (accounts.size >= MAX_ACCOUNTS) forgetOld(time);
    accounts.set(key, { count: 1, since: time });
    return;
  }
  if (known.count >= MAX_ATTEMPTS) {
    const retryAfter = Math.ceil((known.since + WINDOW_MS - time) / 1000);
    throw new AppError(
      "TooManyRequests",
      `Too many attempts to sign in to this account. Try again in ${String(Math.ceil(retryAfter / 60))} minutes, or use a sign-in link.`,
      { retryAfter },
    );
  }
  known.count += 1;
}

/** Forgets an account's attempts after its owner signed in. */
export function forgetAttempts(email: string): void {
  accounts.delete(digest(email.trim().toLowerCase()));
}
