/** What one may do in a workspace. */
export const ACTIONS = [
  "read",
  "update",
  "delete",
  "manage",
  "manage_permissions",
  "manage_security",
  "manage_repositories",
] as const;
export type Action = (typeof ACTIONS)[number];

export const ROLES = {
  owner: ACTIONS,
  editor: ["read", "update"],
  viewer: ["read"],
} as const satisfies Record<string, readonly Action[]>;
export type Role = keyof typeof ROLES;

/** The actions of a role; none for a role that is not known here. */
export function actionsOf(role: string): readonly Action[] {
  return role in ROLES ? ROLES[role as Role] : [];
}

/** A token whose scopes hold this one is not narrowed. */
export const FULL_SCOPE = "*";

/** Whether a token's scopes let an action through; undefined: nothing is narrowed. */
export function scopeAllows(scopes: readonly string[] | undefined, action: Action): boolean {
  return scopes === undefined || scopes.includes(FULL_SCOPE) || scopes.includes(action);
}
