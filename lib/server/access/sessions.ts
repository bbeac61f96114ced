import { AppError } from "@/lib/domain/error";
import type { UserRecord } from "@/lib/store/contract";
import type { Engine } from "../engine";
import { countAttempt, forgetAttempts } from "./attempts";
import { digest, randomValue } from "./digest";
import { passwordMatches } from "./password";

type AccessEngine = Pick<Engine, "store">;

const SESSION_MS = 14 * 24 * 60 * 60 * 1000;

/** A session just begun: the only moment its value is known. */
export interface NewSession {
  value: string;
  csrfToken: string;
  expiresAt: Date;
  user: UserRecord;
}

/** Opens a session for a user who has proved who they are. */
export async function openSession(engine: AccessEngine, user: UserRecord): Promise<NewSession> {
  const value = randomValue();
  const csrfToken = randomValue();
  const now = new Date();
  const expiresAt = new Date(now.getTime() + SESSION_MS);
  await engine.store.accounts.createSession({
    id: digest(value),
    userId: user.id,
    csrfToken,
    createdAt: now.toISOString(),
    expiresAt: expiresAt.toISOString(),
  });
  return { value, csrfToken, expiresAt, user };
}

/** Signs in with e-mail and password. Throws Unauthenticated, or TooManyRequests when guesses pile up. */
export async function signIn(
  engine: AccessEngine,
  { email, password }: { email: string; password: string },
): Promise<NewSession> {
  countAttempt(email, new Date());
  const user = await engine.store.accounts.userByEmail(email.trim().toLowerCase());
  const matches = await passwordMatches(password, user?.passwordHash ?? null);
  if (!user || !matches)
    throw new AppError("Unauthenticated", "This e-mail address and password do not go together.");
  forgetAttempts(email);
  return openSession(engine, user);
}

/** Ends a session; one that has ended already is fine. */
export async function signOut(engine: AccessEngine, sessionId: string): Promise<void> {
  await engine.store.accounts.deleteSession(sessionId);
}

/** Makes a link's token that signs `user` in once; valid for a day. */
export async function createSignInLink(
  engine: AccessEngine,
  userId: string,
  validMs: number = 24 * 60 * 60 * 1000,
): Promise<string> {
  const token = randomValue();
  await engine.store.accounts.createSignInLink({
    hash: digest(token),
    userId,
    expiresAt: new Date(Date.now() + validMs),
  });
  return token;
}

/** Uses a sign-in link up. Throws Unauthenticated when it is unknown, used or expired. */
export async function redeemSignInLink(engine: AccessEngine, token: string): Promise<NewSession> {
  const user = await engine.store.accounts.redeemSignInLink(digest(token), new Date());
  if (!user)
    throw new AppError(
      "Unauthenticated",
      "This sign-in link was used before or has expired. Sign in with your password, or start the server again for a new link.",
    );
  return openSession(engine, user);
}
