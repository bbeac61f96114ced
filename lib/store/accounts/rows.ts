import type { AccessToken, RoleBinding, Session, User } from "../generated/sqlite/client";
import type { AccessTokenRecord, RoleBindingRecord, SessionRecord, UserRecord } from "../contract";

export function toUser(row: User): UserRecord {
  const { id, email, firstName, lastName, passwordHash, superAdmin, createdAt } = row;
  return { id, email, firstName, lastName, passwordHash, superAdmin, createdAt: createdAt.toISOString() };
}

export function toSession(row: Session): SessionRecord {
  const { id, userId, csrfToken, createdAt, expiresAt } = row;
  return { id, userId, csrfToken, createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() };
}

export function toToken(row: AccessToken): AccessTokenRecord {
  return {
    id: row.id,
    userId: row.userId,
    name: row.name,
    scopes: row.scopes as string[],
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}

export function toBinding(row: RoleBinding): RoleBindingRecord {
  return {
    id: row.id,
    subjectKind: row.subjectKind as RoleBindingRecord["subjectKind"],
    subject: row.subject,
    scopeKind: row.scopeKind as RoleBindingRecord["scopeKind"],
    scope: row.scope,
    role: row.role,
  };
}
