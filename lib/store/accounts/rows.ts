import type { AccessToken, RoleBinding, Session, User } from "../generated/sqlite/client";
import type { AccessTokenRecord, RoleBindingRecord, SessionRecord, UserRecord } from "../contract";

export function toUser(row: User): UserRecord {
  const { id, email, firstName, lastName, passwordHash, superAdmin, oidcSubject } = row;
  return {
    id,
    email,
    firstName,
    lastName,
    passwordHash,
    superAdmin,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    disabledAt: row.disabledAt?.toISOString() ?? null,
    oidcSubject,
    groups: (row.groups as string[] | null) ?? [],
  };
}

export function toSession(row: Session): SessionRecord {
  const { id, userId, csrfToken, publicId, method, address, userAgent } = row;
  return {
    id,
    userId,
    csrfToken,
    publicId,
    method,
    address,
    userAgent,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
  };
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
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
  };
}
