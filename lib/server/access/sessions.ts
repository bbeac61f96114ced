import { nanoid } from "nanoid";
import { AppError } from "@/lib/domain/error";
import type { UserRecord } from "@/lib/store/contract";
import { NOBODY, writeAudit } from "../audit/audit";
import type { Engine } from "../engine";
import type { Viewer } from "../viewer";
import { countAttempt, countPasswordCheck, rememberPlace } from "./attempts";
import { digest, randomValue } from "./digest";

type AccessEngine = Pick<Engine, "store">;
type SignInEngine = Pick<Engine, "store" | "redactor" | "log">;
type PasswordEngine = Pick<Engine, "store" | "redactor" | "log" | "passwords">;

const SESSION_MS = 14 * 24 * 60 * 60 * 1000;
const MAX_USER_AGENT = 300;

/** A session just begun: the only moment its value is known. */
export interface NewSession {
  value: string;
  csrfToken: string;
  expiresAt: Date;
  user: UserRecord;
}

/** Where a request to sign in comes from. */
export interface Client {
  address?: string | undefined;
  userAgent?: string | undefined;
  correlationId?: string | undefined;
}

export type SignInMethod = "password" | "link" | "oidc";

function facts({ address, correlationId }: Client) {
  return {
    ...(address === undefined ? {} : { address }),
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}

/** Opens a session for a user who has proved who they are. Throws Unauthenticated for a disabled one. */
export async function openSession(
  engine: SignInEngine,
  user: UserRecord,
  method: SignInMethod,
  client: Client = {},
): Promise<NewSession> {
  if (user.disabledAt) {
    await refusedSignIn(engine, user.email, method, client, "disabled");
    throw new AppError("Unauthenticated", "This account was disabled. Ask a super admin to enable it.");
  }
  const value = randomValue();
  const csrfToken = randomValue();
  const now = new Date();
  const expiresAt = new Date(now.getTime() + SESSION_MS);
  const publicId = nanoid(12);
  await engine.store.accounts.createSession({
    id: digest(value),
    userId: user.id,
    csrfToken,
    createdAt: now.toISOString(),
    expiresAt: expiresAt.toISOString(),
    publicId,
    method,
    address: client.address ?? null,
    userAgent: client.userAgent?.slice(0, MAX_USER_AGENT) ?? null,
  });
  await rememberPlace(engine, { email: user.email, address: client.address }, now).catch((error: unknown) => {
    engine.log.warn({ err: error }, "It is not remembered where somebody signed in");
  });
  await writeAudit(engine, {
    userId: user.id,
    email: user.email,
    action: "session.created",
    outcome: "succeeded",
    target: publicId,
    ...facts(client),
    details: { method },
  });
  return { value, csrfToken, expiresAt, user };
}

/** Writes down that somebody was not let in. */
export async function refusedSignIn(
  engine: SignInEngine,
  email: string | undefined,
  method: SignInMethod,
  client: Client,
  reason: string,
): Promise<void> {
  await writeAudit(engine, {
    userId: NOBODY,
    ...(email === undefined ? {} : { email: email.trim().toLowerCase().slice(0, 320) }),
    action: "session.refused",
    outcome: "refused",
    ...facts(client),
    details: { method, reason },
  });
}

/** Hashes the password that was just proved in today's way, where its hash is an older one. */
async function renewHash(engine: PasswordEngine, user: UserRecord, password: string): Promise<void> {
  const { passwordHash } = user;
  if (passwordHash === null || !engine.passwords.isOutdated(passwordHash)) return;
  try {
    const renewed = await engine.passwords.hash(password);
    await engine.store.accounts.replacePasswordHash(user.id, passwordHash, renewed);
  } catch (error) {
    // The next sign-in tries again; this one has been earned.
    engine.log.warn({ err: error, userId: user.id }, "The hash of a password could not be renewed");
  }
}

/** Signs in with e-mail and password. Throws Unauthenticated, or TooManyRequests when guesses pile up. */
export async function signIn(
  engine: PasswordEngine,
  { email, password }: { email: string; password: string },
  client: Client = {},
  signedIn: Viewer | null = null,
): Promise<NewSession> {
  const isOwn = signedIn?.sessionId !== undefined && signedIn.user.email === email.trim().toLowerCase();
  try {
    if (isOwn) await countPasswordCheck(engine, signedIn.user.id, new Date());
    else await countAttempt(engine, { email, address: client.address }, new Date());
  } catch (error) {
    await refusedSignIn(engine, email, "password", client, "too many attempts");
    throw error;
  }
  const user = await engine.store.accounts.userByEmail(email.trim().toLowerCase());
  const matches = await engine.passwords.matches(password, user?.passwordHash ?? null);
  if (!user || !matches) {
    await refusedSignIn(engine, email, "password", client, "wrong address or password");
    throw new AppError("Unauthenticated", "Wrong e-mail address or password.");
  }
  const session = await openSession(engine, user, "password", client);
  await renewHash(engine, user, password);
  return session;
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
export async function redeemSignInLink(
  engine: SignInEngine,
  token: string,
  client: Client = {},
): Promise<NewSession> {
  const user = await engine.store.accounts.redeemSignInLink(digest(token), new Date());
  if (!user) {
    await refusedSignIn(engine, undefined, "link", client, "unknown, used or expired link");
    throw new AppError(
      "Unauthenticated",
      "This sign-in link has already been used or has expired. Sign in with your password, or ask a super admin for a new link.",
    );
  }
  return openSession(engine, user, "link", client);
}
