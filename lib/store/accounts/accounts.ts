import { AppError } from "@/lib/domain/error";
import type { Accounts } from "../contract";
import type { Database } from "../database/database";
import { toBinding, toSession, toToken, toUser } from "./rows";

/** A sign of use is written at most this often, so that reading with a token does not write each time. */
const LAST_USED_EVERY_MS = 60_000;

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
    async userByEmail(email) {
      const row = await read.user.findUnique({ where: { email: email.toLowerCase() } });
      return row && toUser(row);
    },
    async createUser(user) {
      return database.transaction(async ({ db, now }) => {
        const email = user.email.toLowerCase();
        if (await db.user.findUnique({ where: { email }, select: { id: true } })) {
          throw new AppError("PreconditionFailed", `There is already a user ${email}.`, { email });
        }
        return toUser(await db.user.create({ data: { ...user, email, createdAt: now } }));
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

    async createSession(session) {
      const { createdAt, expiresAt, ...rest } = session;
      await database.transaction(async ({ db, now }) => {
        await db.session.deleteMany({ where: { expiresAt: { lte: now } } });
        await db.session.create({
          data: { ...rest, createdAt: new Date(createdAt), expiresAt: new Date(expiresAt) },
        });
      });
    },
    async session(id, now) {
      const row = await read.session.findFirst({
        where: { id, expiresAt: { gt: now } },
        include: { user: true },
      });
      return row && { session: toSession(row), user: toUser(row.user) };
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
      const row = await read.accessToken.findFirst({
        where: { hash, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
        include: { user: true },
      });
      if (!row) return null;
      if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() > LAST_USED_EVERY_MS) {
        await database.transaction(({ db }) =>
          db.accessToken.updateMany({ where: { id: row.id }, data: { lastUsedAt: now } }),
        );
      }
      return { token: toToken(row), user: toUser(row.user) };
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
        return user ? toUser(user) : null;
      });
    },

    async bindings(userId) {
      const rows = await read.roleBinding.findMany({
        where: { subjectKind: "user", subject: userId },
        orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      });
      return rows.map(toBinding);
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
  };
}
