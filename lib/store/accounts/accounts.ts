import { AppError } from "@/lib/domain/error";
import type { Accounts } from "../contract";
import type { Database } from "../database/database";
import { json } from "../database/json";
import { findActors, findBindings, findSession, findToken } from "./look-ups";
import { toBinding, toSession, toToken, toUser } from "./rows";

/** A sign of use is written at most this often, so that reading with a token does not write each time. */
const LAST_USED_EVERY_MS = 60_000;

/** Waits for a note beside what was asked; whoever reads does not fail because it cannot be written down. */
async function whereItCan(note: Promise<unknown>): Promise<void> {
  try {
    await note;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "Unavailable") throw error;
  }
}

/** Users, sessions, tokens and roles. */
export function accounts(database: Database): Accounts {
  const { read } = database;
  return {
    countUsers: () => read.user.count(),
    async user(id) {
      const row = await read.user.findUnique({ where: { id } });
      return row && toUser(row);
    },
    async users(ids) {
      const rows = await read.user.findMany({
        ...(ids ? { where: { id: { in: [...ids] } } } : {}),
        orderBy: { email: "asc" },
      });
      return rows.map(toUser);
    },
    actorsIn: (workspaceIds) => findActors(database, workspaceIds),
    async userByEmail(email) {
      const row = await read.user.findUnique({ where: { email: email.toLowerCase() } });
      return row && toUser(row);
    },
    async createUser(user) {
      return database.transaction(async ({ db, now }) => {
        const email = user.email.toLowerCase();
        if (await db.user.findUnique({ where: { email }, select: { id: true } })) {
          throw new AppError("PreconditionFailed", `There is already a user with the address ${email}.`, {
            email,
          });
        }
        const { groups, ...rest } = user;
        return toUser(
          await db.user.create({
            data: { ...rest, email, createdAt: now, ...(groups ? { groups: json(groups) } : {}) },
          }),
        );
      });
    },
    async userByOidcSubject(subject) {
      const row = await read.user.findUnique({ where: { oidcSubject: subject } });
      return row && toUser(row);
    },
    async updateUser(id, { groups, disabledAt, ...patch }) {
      return database.transaction(async ({ db }) => {
        const { count } = await db.user.updateMany({
          where: { id },
          data: {
            ...patch,
            ...(groups ? { groups: json(groups) } : {}),
            ...(disabledAt === undefined
              ? {}
              : { disabledAt: disabledAt === null ? null : new Date(disabledAt) }),
          },
        });
        if (disabledAt) await db.session.deleteMany({ where: { userId: id } });
        const row = count > 0 ? await db.user.findUnique({ where: { id } }) : null;
        return row && toUser(row);
      });
    },
    async setSuperAdmin(emails) {
      const wanted = emails.map((email) => email.toLowerCase());
      await database.transaction(({ db }) =>
        db.user.updateMany({ where: { email: { in: wanted } }, data: { superAdmin: true } }),
      );
    },
    async setPassword(userId, passwordHash) {
      await database.transaction(({ db }) =>
        db.user.updateMany({ where: { id: userId }, data: { passwordHash } }),
      );
    },
    async replacePasswordHash(userId, from, to) {
      await database.transaction(({ db }) =>
        db.user.updateMany({ where: { id: userId, passwordHash: from }, data: { passwordHash: to } }),
      );
    },

    async createSession(session) {
      const { createdAt, expiresAt, ...rest } = session;
      await database.transaction(async ({ db, now }) => {
        await db.session.deleteMany({ where: { expiresAt: { lte: now } } });
        await db.session.create({
          data: { ...rest, createdAt: new Date(createdAt), expiresAt: new Date(expiresAt), lastSeenAt: now },
        });
        await db.user.updateMany({ where: { id: session.userId }, data: { lastSeenAt: now } });
      });
    },
    async session(id, now) {
      const found = await findSession(database, id, now);
      if (!found) return null;
      const { row, user } = found;
      if (!row.lastSeenAt || now.getTime() - row.lastSeenAt.getTime() > LAST_USED_EVERY_MS)
        await whereItCan(
          database.transaction(async ({ db }) => {
            await db.session.updateMany({ where: { id }, data: { lastSeenAt: now } });
            await db.user.updateMany({ where: { id: row.userId }, data: { lastSeenAt: now } });
          }),
        );
      return { session: toSession(row), user: toUser(user) };
    },
    async sessions(userId, now) {
      const rows = await read.session.findMany({
        where: { userId, expiresAt: { gt: now } },
        orderBy: [{ createdAt: "desc" }, { id: "asc" }],
      });
      return rows.map(toSession);
    },
    async deleteSessions(userId, which) {
      const chosen =
        "publicId" in which
          ? { publicId: which.publicId }
          : which.keep === undefined
            ? {}
            : { id: { not: which.keep } };
      return database.transaction(async ({ db }) => {
        const { count } = await db.session.deleteMany({ where: { userId, ...chosen } });
        return count;
      });
    },
    async deleteSession(id) {
      await database.transaction(({ db }) => db.session.deleteMany({ where: { id } }));
    },

    async createAccessToken(token) {
      const { createdAt, expiresAt, lastUsedAt, ...rest } = token;
      await database.transaction(({ db }) =>
        db.accessToken.create({
          data: {
            ...rest,
            createdAt: new Date(createdAt),
            expiresAt: expiresAt === null ? null : new Date(expiresAt),
            lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt),
          },
        }),
      );
    },
    async accessTokenByHash(hash, now) {
      const found = await findToken(database, hash, now);
      if (!found) return null;
      const { row, user } = found;
      if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() > LAST_USED_EVERY_MS) {
        await whereItCan(
          database.transaction(({ db }) =>
            db.accessToken.updateMany({ where: { id: row.id }, data: { lastUsedAt: now } }),
          ),
        );
      }
      return { token: toToken(row), user: toUser(user) };
    },
    async expiredTokenByHash(hash) {
      const found = await findToken(database, hash, new Date(0));
      return found && { token: toToken(found.row), user: toUser(found.user) };
    },
    async accessTokens(userId) {
      const rows = await read.accessToken.findMany({
        where: { userId },
        orderBy: [{ createdAt: "desc" }, { id: "asc" }],
      });
      return rows.map(toToken);
    },
    async deleteAccessToken(userId, id) {
      return database.transaction(async ({ db }) => {
        const { count } = await db.accessToken.deleteMany({ where: { id, userId } });
        return count > 0;
      });
    },

    async deleteSignInLinks(userId) {
      await database.transaction(({ db }) => db.signInLink.deleteMany({ where: { userId } }));
    },
    async createSignInLink(link) {
      await database.transaction(async ({ db, now }) => {
        await db.signInLink.deleteMany({ where: { expiresAt: { lte: now } } });
        await db.signInLink.create({ data: link });
      });
    },
    async redeemSignInLink(hash, now) {
      return database.transaction(async ({ db }) => {
        // One statement decides: of two who follow the link at once, one is let in.
        const { count } = await db.signInLink.updateMany({
          where: { hash, usedAt: null, expiresAt: { gt: now } },
          data: { usedAt: now },
        });
        if (count === 0) return null;
        const link = await db.signInLink.findUnique({ where: { hash } });
        const user = link && (await db.user.findUnique({ where: { id: link.userId } }));
        return user && !user.disabledAt ? toUser(user) : null;
      });
    },

    async bindings(userId, groups = []) {
      return (await findBindings(database, userId, groups)).map(toBinding);
    },
    async bindingsOf(scopeKind, scope) {
      const rows = await read.roleBinding.findMany({
        where: { scopeKind, scope },
        orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      });
      return rows.map(toBinding);
    },
    async bind({ id, createdBy, role, ...what }) {
      await database.transaction(({ db, now }) =>
        db.roleBinding.upsert({
          where: { subjectKind_subject_scopeKind_scope: what },
          create: { id, createdBy, role, ...what, createdAt: now },
          update: { role },
        }),
      );
    },
    async unbind(id) {
      await database.transaction(({ db }) => db.roleBinding.deleteMany({ where: { id } }));
    },
    async rebind(userId, wanted, createdBy) {
      await database.transaction(async ({ db, now }) => {
        await db.roleBinding.deleteMany({ where: { subjectKind: "user", subject: userId, createdBy } });
        for (const { id, subjectKind, subject, scopeKind, scope, role } of wanted) {
          const what = { subjectKind, subject, scopeKind, scope };
          // What somebody gave by hand stays as they gave it.
          const given = await db.roleBinding.findUnique({
            where: { subjectKind_subject_scopeKind_scope: what },
          });
          if (!given) await db.roleBinding.create({ data: { id, ...what, role, createdAt: now, createdBy } });
        }
      });
    },
  };
}
