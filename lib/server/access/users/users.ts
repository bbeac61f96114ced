import { nanoid } from "nanoid";
import type { InviteUser, PatchUser } from "@/lib/domain/access/requests";
import type { UserView, UserWithLink } from "@/lib/domain/access";
import { AppError } from "@/lib/domain/error";
import type { UserRecord } from "@/lib/store/contract";
import type { Engine } from "../../engine";
import type { Viewer } from "../../viewer";
import { createSignInLink } from "../sessions";

type UsersEngine = Pick<Engine, "store" | "env" | "passwords">;

const INVITATION_MS = 7 * 24 * 60 * 60 * 1000;
const RESET_MS = 24 * 60 * 60 * 1000;

export function userView(user: UserRecord): UserView {
  const { id, email, firstName, lastName, superAdmin, groups, createdAt, lastSeenAt } = user;
  return {
    id,
    email,
    firstName,
    lastName,
    superAdmin,
    disabled: user.disabledAt !== null,
    hasPassword: user.passwordHash !== null,
    hasOidc: user.oidcSubject !== null,
    groups,
    createdAt,
    ...(lastSeenAt === null ? {} : { lastSeenAt }),
  };
}

async function requireUser(engine: UsersEngine, id: string): Promise<UserRecord> {
  const user = await engine.store.accounts.user(id);
  if (!user) throw new AppError("NotFound", "There is no user with that id.", { id });
  return user;
}

/** The page reads the token from the fragment, which no server and no log sees. */
async function signInPath(engine: UsersEngine, userId: string, validMs: number): Promise<string> {
  return `/sign-in#link=${await createSignInLink(engine, userId, validMs)}`;
}

/** Whether the environment makes the holder of this address a super admin. */
export function isNamedSuperAdmin({ env }: Pick<Engine, "env">, email: string): boolean {
  return env.superAdminEmails.includes(email.trim().toLowerCase());
}

/** Makes an account. Without a password the answer holds a link that signs its owner in once. Throws InvalidRequest. */
export async function inviteUser(
  engine: UsersEngine,
  { password, ...input }: InviteUser,
): Promise<UserWithLink> {
  const { accounts } = engine.store;
  if (await accounts.userByEmail(input.email))
    throw new AppError("InvalidRequest", `There is already a user with the address ${input.email}.`, {
      email: input.email,
    });
  const user = await accounts.createUser({
    id: nanoid(),
    ...input,
    superAdmin: input.superAdmin || isNamedSuperAdmin(engine, input.email),
    passwordHash: password === undefined ? null : await engine.passwords.hash(password),
  });
  if (password !== undefined) return userView(user);
  return { ...userView(user), signInPath: await signInPath(engine, user.id, INVITATION_MS) };
}

/** Changes a user. Whoever is disabled is signed out at once. Throws NotFound, InvalidRequest. */
export async function patchUser(
  engine: UsersEngine,
  viewer: Viewer,
  id: string,
  { disabled, ...patch }: PatchUser,
): Promise<UserView> {
  const user = await requireUser(engine, id);
  // Nobody can be left without someone who may let them in again.
  if (id === viewer.user.id && (disabled || patch.superAdmin === false))
    throw new AppError(
      "InvalidRequest",
      "You cannot disable yourself or stop being a super admin. Ask another super admin to do it.",
    );
  if (patch.superAdmin === false && isNamedSuperAdmin(engine, user.email))
    throw new AppError(
      "InvalidRequest",
      `${user.email} is listed in SUPER_ADMIN_EMAILS. Remove the address there first.`,
    );
  const { firstName, lastName, superAdmin } = patch;
  const changed = await engine.store.accounts.updateUser(id, {
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
    ...(superAdmin === undefined ? {} : { superAdmin }),
    ...(disabled === undefined
      ? {}
      : { disabledAt: disabled ? (user.disabledAt ?? new Date().toISOString()) : null }),
  });
  if (!changed) throw new AppError("NotFound", "There is no user with that id.", { id });
  return userView(changed);
}

/**
 * Takes a user's password away, ends their sessions and earlier links, and answers a link with which they choose a new
 * one. Access tokens stay: they are programs', and each can be deleted by itself.
 */
export async function resetPassword(engine: UsersEngine, id: string): Promise<UserWithLink> {
  await requireUser(engine, id);
  const { accounts } = engine.store;
  await accounts.updateUser(id, { passwordHash: null });
  // Before the sessions: whoever holds an older link could open another one in between.
  await accounts.deleteSignInLinks(id);
  await accounts.deleteSessions(id, {});
  const user = await requireUser(engine, id);
  return { ...userView(user), signInPath: await signInPath(engine, id, RESET_MS) };
}

/** Signs a user out everywhere; answers how many sessions that ended. Throws NotFound. */
export async function signOutUser(engine: UsersEngine, id: string): Promise<number> {
  await requireUser(engine, id);
  return engine.store.accounts.deleteSessions(id, {});
}
