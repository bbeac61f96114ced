export interface UserRecord {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  passwordHash: string | null;
  superAdmin: boolean;
  createdAt: string;
  lastSeenAt: string | null;
  /** Since when nobody may sign in as this user. */
  disabledAt: string | null;
  /** Issuer and subject at the OIDC provider. */
  oidcSubject: string | null;
  /** Groups that the OIDC provider named at the last sign-in. */
  groups: string[];
}

/** A user to create; what is not said is empty. */
type NewUser = Pick<UserRecord, "id" | "email" | "firstName" | "lastName" | "passwordHash" | "superAdmin"> &
  Partial<Pick<UserRecord, "oidcSubject" | "groups">>;

type UserPatch = Partial<
  Pick<
    UserRecord,
    "firstName" | "lastName" | "superAdmin" | "disabledAt" | "oidcSubject" | "groups" | "passwordHash"
  >
>;

export interface SessionRecord {
  id: string;
  userId: string;
  csrfToken: string;
  createdAt: string;
  expiresAt: string;
  /** What its owner recognises it by; its `id` is a digest of the cookie. */
  publicId: string | null;
  method: string | null;
  address: string | null;
  userAgent: string | null;
  lastSeenAt: string | null;
}

type NewSessionRecord = Pick<SessionRecord, "id" | "userId" | "csrfToken" | "createdAt" | "expiresAt"> &
  Partial<SessionRecord>;

export interface AccessTokenRecord {
  id: string;
  userId: string;
  name: string;
  scopes: string[];
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
}

export interface RoleBindingRecord {
  id: string;
  subjectKind: "user" | "group" | "service";
  subject: string;
  scopeKind: "platform" | "group" | "workspace";
  scope: string;
  role: string;
  createdAt?: string;
  createdBy?: string;
}

/** Users, sessions, tokens and roles. Hashes come in ready-made; the store never sees a password or token. */
export interface Accounts {
  countUsers(): Promise<number>;
  user(id: string): Promise<UserRecord | null>;
  /** Whoever made, changed, locked, pushed or pulled these workspaces, or any where none are named. */
  actorsIn(workspaceIds: readonly string[] | undefined): Promise<string[]>;
  /** Those of these ids; without ids everyone, by e-mail. */
  users(ids?: readonly string[]): Promise<UserRecord[]>;
  userByEmail(email: string): Promise<UserRecord | null>;
  createUser(user: NewUser): Promise<UserRecord>;
  userByOidcSubject(subject: string): Promise<UserRecord | null>;
  /** Changes a user; null when there is none of that id. A disabled one loses their sessions. */
  updateUser(id: string, patch: UserPatch): Promise<UserRecord | null>;
  setSuperAdmin(emails: readonly string[]): Promise<void>;
  setPassword(userId: string, passwordHash: string): Promise<void>;
  /** Puts a new hash of the same password in place of `from`; does nothing where the password was changed meanwhile. */
  replacePasswordHash(userId: string, from: string, to: string): Promise<void>;
  createSession(session: NewSessionRecord): Promise<void>;
  session(id: string, now: Date): Promise<{ session: SessionRecord; user: UserRecord } | null>;
  deleteSession(id: string): Promise<void>;
  sessions(userId: string, now: Date): Promise<SessionRecord[]>;
  /** Ends one session of the user, or all but `keep`; answers how many. */
  deleteSessions(userId: string, which: { publicId: string } | { keep?: string }): Promise<number>;
  createAccessToken(token: AccessTokenRecord & { hash: string }): Promise<void>;
  accessTokenByHash(hash: string, now: Date): Promise<{ token: AccessTokenRecord; user: UserRecord } | null>;
  /** The same whether it has expired or not; that it was asked for is no use of it. */
  expiredTokenByHash(hash: string): Promise<{ token: AccessTokenRecord; user: UserRecord } | null>;
  accessTokens(userId: string): Promise<AccessTokenRecord[]>;
  deleteAccessToken(userId: string, id: string): Promise<boolean>;
  /** Makes every link of the user useless that was not used yet. */
  deleteSignInLinks(userId: string): Promise<void>;
  createSignInLink(link: { hash: string; userId: string; expiresAt: Date }): Promise<void>;
  /** Uses the link up; null when unknown, used or expired. */
  redeemSignInLink(hash: string, now: Date): Promise<UserRecord | null>;
  /** What the user and the groups they are in were given. */
  bindings(userId: string, groups?: readonly string[]): Promise<RoleBindingRecord[]>;
  bindingsOf(scopeKind: "platform" | "group" | "workspace", scope: string): Promise<RoleBindingRecord[]>;
  bind(binding: RoleBindingRecord & { createdBy: string }): Promise<void>;
  unbind(id: string): Promise<void>;
  /** Makes these the user's bindings made by `createdBy`, and no others of that maker. */
  rebind(userId: string, bindings: readonly RoleBindingRecord[], createdBy: string): Promise<void>;
}

/** Attempts counted by a key that tells nothing about whom they are counted for. */
export interface Attempts {
  /** Counts one more; a window that has passed begins anew. */
  count(key: string, windowMs: number, now: Date): Promise<{ count: number; since: Date }>;
  /** Whether this was counted, in a window that is not over. */
  has(key: string, now: Date): Promise<boolean>;
  forget(key: string): Promise<void>;
  /** Deletes counters whose window has passed; answers how many. */
  prune(now: Date): Promise<number>;
}

export type AuditOutcome = "succeeded" | "refused" | "failed";

export interface NewAuditEntry {
  userId: string;
  email?: string;
  action: string;
  outcome: AuditOutcome;
  workspaceId?: string;
  target?: string;
  address?: string;
  correlationId?: string;
  details: Record<string, unknown>;
}

export type AuditRecord = NewAuditEntry & { id: string; createdAt: string };

export interface AuditQuery {
  userId?: string;
  email?: string;
  /** Exact, or with `*` at its end. */
  action?: string;
  outcome?: string;
  workspaceId?: string;
  target?: string;
  correlationId?: string;
  afterDate?: Date;
  beforeDate?: Date;
  /** The last entry of the page before. */
  after?: { createdAt: Date; id: string };
  limit: number;
}

/** Who did what; never changed, deleted only by age. */
export interface AuditLog {
  append(entry: NewAuditEntry): Promise<void>;
  /** Newest first. */
  list(query: AuditQuery): Promise<AuditRecord[]>;
  prune(before: Date): Promise<number>;
}

export interface KeptAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** What an earlier request with the same key came to. */
export type Claim =
  { kind: "started" } | { kind: "running" } | { kind: "other" } | { kind: "done"; answer: KeptAnswer };

export interface IdempotencyLog {
  /** Takes the key for a request, or says what became of the one that has it. */
  claim(
    request: { key: string; userId: string; requestHash: string },
    /** When it is, before when an answer has expired, and before when a request that never ended counts as dead. */
    times: { now: Date; expiredBefore: Date; deadBefore: Date },
  ): Promise<Claim>;
  finish(key: string, answer: KeptAnswer): Promise<void>;
  /** Gives the key back, so that the request can be sent again. */
  release(key: string): Promise<void>;
  prune(before: Date): Promise<number>;
}
