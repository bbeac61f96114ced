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

export const isAction = (text: string): text is Action => ACTIONS.some((action) => action === text);
export const isBuiltInRole = (role: string): role is Role => Object.hasOwn(ROLES, role);

const POLICIES = "policies:";

/** How single actions given to someone are stored in place of a role's name. */
export function policiesRole(actions: readonly Action[]): string {
  return POLICIES + ACTIONS.filter((action) => actions.includes(action)).join(",");
}

/** The actions that were given one by one; null for a role with a name. */
export function policiesOf(role: string): Action[] | null {
  return role.startsWith(POLICIES) ? role.slice(POLICIES.length).split(",").filter(isAction) : null;
}

/** The actions of a role; none for a role that only a workspace's security.yml knows. */
export function actionsOf(role: string): readonly Action[] {
  return isBuiltInRole(role) ? ROLES[role] : (policiesOf(role) ?? []);
}

/** A token whose scopes hold this one may do every action of its user. */
export const FULL_SCOPE = "*";
/** Before a workspace's id: narrows a token to that workspace; several of them: to those. */
const WORKSPACE_SCOPE = "workspace:";

/** The workspaces that scopes narrow a token to; null: none in particular. */
export function scopedWorkspaces(scopes: readonly string[] | undefined): Set<string> | null {
  const ids = (scopes ?? [])
    .filter((scope) => scope.startsWith(WORKSPACE_SCOPE))
    .map((scope) => scope.slice(WORKSPACE_SCOPE.length));
  return ids.length > 0 ? new Set(ids) : null;
}

/**
 * Whether a token's scopes let an action through: `*` and no action at all mean every action, `workspace:{id}` narrows
 * to workspaces. Without `workspaceId` the question is about no workspace that exists, as when one is created.
 */
export function scopeAllows(
  scopes: readonly string[] | undefined,
  action: Action,
  workspaceId?: string,
): boolean {
  return scopeCheck(scopes)(action, workspaceId);
}

/** `scopeAllows` for many questions about the same scopes, which are read once. */
export function scopeCheck(
  scopes: readonly string[] | undefined,
): (action: Action, workspaceId?: string) => boolean {
  if (scopes === undefined) return () => true;
  const workspaces = scopedWorkspaces(scopes);
  const actions = new Set(scopes.filter((scope) => !scope.startsWith(WORKSPACE_SCOPE)));
  const isEvery = actions.has(FULL_SCOPE) || (actions.size === 0 && workspaces !== null);
  return (action, workspaceId) => {
    if (workspaces && !(workspaceId !== undefined && workspaces.has(workspaceId))) return false;
    return isEvery || actions.has(action);
  };
}

/** Whether nothing narrows what the viewer may do: a session, or a token with all scopes. */
export function isUnscoped(scopes: readonly string[] | undefined): boolean {
  return scopes === undefined || (scopes.includes(FULL_SCOPE) && scopedWorkspaces(scopes) === null);
}
