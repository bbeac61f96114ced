import { z } from "zod";

/** A user as super admins see one. */
export const UserView = z.object({
  id: z.string(),
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  superAdmin: z.boolean(),
  disabled: z.boolean(),
  /** Whether they can sign in with a password, and with the OIDC provider. */
  hasPassword: z.boolean(),
  hasOidc: z.boolean(),
  groups: z.array(z.string()),
  createdAt: z.string(),
  lastSeenAt: z.string().optional(),
});
export type UserView = z.infer<typeof UserView>;

/** A user with the path of the link that signs them in once: the only time it is shown. */
export const UserWithLink = UserView.extend({ signInPath: z.string().optional() });
export type UserWithLink = z.infer<typeof UserWithLink>;

/** Someone's name; for super admins everything about the account. */
export const Person = UserView.pick({ id: true, firstName: true, lastName: true }).extend(
  UserView.omit({ id: true, firstName: true, lastName: true }).partial().shape,
);

/** Where somebody is signed in. */
export const SessionView = z.object({
  id: z.string(),
  current: z.boolean(),
  createdAt: z.string(),
  expiresAt: z.string(),
  lastSeenAt: z.string().optional(),
  method: z.string().optional(),
  address: z.string().optional(),
  userAgent: z.string().optional(),
});
export type SessionView = z.infer<typeof SessionView>;

export const AccessTokenView = z.object({
  id: z.string(),
  userId: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.string(),
  expiresAt: z.string().optional(),
  lastUsedAt: z.string().optional(),
});
export type AccessTokenView = z.infer<typeof AccessTokenView>;

/** The response to a creation: the only time the token itself is shown. */
export const CreatedAccessToken = AccessTokenView.extend({ token: z.string() });
export type CreatedAccessToken = z.infer<typeof CreatedAccessToken>;

/** What one target may do in a workspace. */
export const PermissionsView = z.object({
  target: z.object({
    id: z.string(),
    email: z.string().optional(),
    group: z.string().optional(),
    displayName: z.string().optional(),
  }),
  permissions: z.object({
    role: z.string().optional(),
    policies: z.record(z.string(), z.boolean()).optional(),
  }),
  createdAt: z.string().optional(),
  createdBy: z.string().optional(),
});
export type PermissionsView = z.infer<typeof PermissionsView>;

/** The response to `GET …/permissions`, with the roles that can be given here. */
export const PermissionsList = z.object({
  result: z.array(PermissionsView),
  roles: z.array(z.object({ name: z.string(), actions: z.array(z.string()), custom: z.boolean() })),
});
export type PermissionsList = z.infer<typeof PermissionsList>;

export const AuditEntryView = z.object({
  id: z.string(),
  createdAt: z.string(),
  userId: z.string(),
  email: z.string().optional(),
  action: z.string(),
  outcome: z.enum(["succeeded", "refused", "failed"]),
  workspaceId: z.string().optional(),
  target: z.string().optional(),
  address: z.string().optional(),
  correlationId: z.string().optional(),
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntryView = z.infer<typeof AuditEntryView>;

/** One page of the audit log; `next` is the cursor of the page after it. */
export const AuditPage = z.object({ entries: z.array(AuditEntryView), next: z.string().optional() });
export type AuditPage = z.infer<typeof AuditPage>;
