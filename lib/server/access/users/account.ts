import type { ChangePassword } from "@/lib/domain/access/requests";
import type { SessionView } from "@/lib/domain/access";
import { AppError } from "@/lib/domain/error";
import type { Engine } from "../../engine";
import type { Viewer } from "../../viewer";
import { countPasswordCheck, forgetPasswordChecks } from "../attempts";

type AccountEngine = Pick<Engine, "store">;
type PasswordEngine = Pick<Engine, "store" | "passwords">;

/** Changes the viewer's password and ends their other sessions. Throws PermissionDenied, TooManyRequests. */
export async function changePassword(
  engine: PasswordEngine,
  viewer: Viewer,
  { currentPassword, newPassword }: ChangePassword,
): Promise<{ endedSessions: number }> {
  const { accounts } = engine.store;
  const user = await accounts.user(viewer.user.id);
  if (!user) throw new AppError("Unauthenticated", "This account no longer exists.");
  if (user.passwordHash !== null) {
    await countPasswordCheck(engine, user.id, new Date());
    if (!(await engine.passwords.matches(currentPassword ?? "", user.passwordHash)))
      throw new AppError("PermissionDenied", "The current password is wrong. Type it again.");
    await forgetPasswordChecks(engine, user.id);
  } else if (viewer.tokenId !== undefined)
    throw new AppError(
      "PermissionDenied",
      "You have no password yet, and you cannot set the first one with a token. Sign in to set it.",
    );
  await accounts.setPassword(user.id, await engine.passwords.hash(newPassword));
  const keep = viewer.sessionId === undefined ? {} : { keep: viewer.sessionId };
  return { endedSessions: await accounts.deleteSessions(user.id, keep) };
}

/** Where the viewer is signed in, the newest first. */
export async function listSessions(engine: AccountEngine, viewer: Viewer): Promise<SessionView[]> {
  const sessions = await engine.store.accounts.sessions(viewer.user.id, new Date());
  return sessions.map(({ id, publicId, createdAt, expiresAt, lastSeenAt, method, address, userAgent }) => ({
    // One from before sessions had names of their own is told by the beginning of its digest.
    id: publicId ?? id.slice(0, 12),
    current: id === viewer.sessionId,
    createdAt,
    expiresAt,
    ...(lastSeenAt === null ? {} : { lastSeenAt }),
    ...(method === null ? {} : { method }),
    ...(address === null ? {} : { address }),
    ...(userAgent === null ? {} : { userAgent }),
  }));
}

/** Ends one session of the viewer's, named as the list of sessions does or `GET /v2/me`. Throws NotFound. */
export async function endSession(engine: AccountEngine, viewer: Viewer, publicId: string): Promise<void> {
  if (publicId === viewer.sessionId) return engine.store.accounts.deleteSession(publicId);
  if ((await engine.store.accounts.deleteSessions(viewer.user.id, { publicId })) > 0) return;
  throw new AppError("NotFound", "You have no session with that id.", { id: publicId });
}

/** Ends the viewer's other sessions, or with `everywhere` this one as well; answers how many. */
export async function endSessions(
  engine: AccountEngine,
  viewer: Viewer,
  { everywhere }: { everywhere: boolean },
): Promise<number> {
  const keep = everywhere || viewer.sessionId === undefined ? {} : { keep: viewer.sessionId };
  return engine.store.accounts.deleteSessions(viewer.user.id, keep);
}
