import { AppError } from "@/lib/domain/error";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import type { RoleBindingRecord } from "@/lib/store/contract";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../engine";
import type { Viewer } from "../viewer";
import {
  ACTIONS,
  actionsOf,
  isBuiltInRole,
  isUnscoped,
  policiesOf,
  scopeAllows,
  scopeCheck,
  scopedWorkspaces,
  type Action,
} from "@/lib/domain/access/roles";
import { customRoles } from "./custom-roles";

type AccessEngine = Pick<Engine, "store" | "env">;

/** What one viewer may do, loaded once so that it can be asked of many workspaces. */
export interface Grants {
  may: (action: Action, workspaceId: string) => boolean;
  /** Ids the viewer may read; undefined: all of them. */
  readable(): string[] | undefined;
  actions(workspaceId: string): Action[];
}

async function groupMembers(engine: AccessEngine, bindings: RoleBindingRecord[]) {
  const members = new Map<string, string[]>();
  for (const { scopeKind, scope } of bindings) {
    const group = engine.env.groups.find(({ name }) => name === scope);
    if (scopeKind !== "group" || !group || members.has(scope)) continue;
    members.set(scope, await engine.store.workspaces.idsLabelled(group.labels));
  }
  return members;
}

/** What each binding gives: a built-in role, single actions, or a role of the workspace's own security.yml. */
async function actionsByBinding(
  engine: AccessEngine,
  bindings: readonly RoleBindingRecord[],
): Promise<(binding: RoleBindingRecord) => readonly Action[]> {
  const isCustom = ({ role, scopeKind }: RoleBindingRecord) =>
    scopeKind === "workspace" && !isBuiltInRole(role) && policiesOf(role) === null;
  const roles = await customRoles(engine, [...new Set(bindings.filter(isCustom).map(({ scope }) => scope))]);
  return (binding) =>
    isCustom(binding) ? (roles.get(binding.scope)?.get(binding.role) ?? []) : actionsOf(binding.role);
}

function collect(
  bindings: readonly RoleBindingRecord[],
  members: ReadonlyMap<string, string[]>,
  actionsFor: (binding: RoleBindingRecord) => readonly Action[],
) {
  const everywhere = new Set<Action>();
  const granted = new Map<string, ReadonlySet<Action>>();
  for (const binding of bindings) {
    const actions = new Set(actionsFor(binding));
    if (binding.scopeKind === "platform") actions.forEach((action) => everywhere.add(action));
    const ids = binding.scopeKind === "workspace" ? [binding.scope] : (members.get(binding.scope) ?? []);
    // The thousands of a group share one set.
    for (const id of ids) {
      const known = granted.get(id);
      granted.set(id, known ? new Set([...known, ...actions]) : actions);
    }
  }
  return { everywhere, granted };
}

/** Loads what the viewer may do; a few queries whatever the number of workspaces. */
export async function grantsOf(engine: AccessEngine, viewer: Viewer): Promise<Grants> {
  const { user, scopes } = viewer;
  const bindings = user.superAdmin ? [] : await engine.store.accounts.bindings(user.id, user.groups);
  const [members, actionsFor] = await Promise.all([
    groupMembers(engine, bindings),
    actionsByBinding(engine, bindings),
  ]);
  const { everywhere, granted } = collect(bindings, members, actionsFor);
  if (user.superAdmin) ACTIONS.forEach((action) => everywhere.add(action));
  const isInScope = scopeCheck(scopes);
  const may = (action: Action, workspaceId: string) =>
    isInScope(action, workspaceId) &&
    (everywhere.has(action) || (granted.get(workspaceId)?.has(action) ?? false));
  return {
    may,
    actions: (workspaceId) => ACTIONS.filter((action) => may(action, workspaceId)),
    readable() {
      const scoped = scopedWorkspaces(scopes);
      if (everywhere.has("read") && !scoped && isInScope("read")) return undefined;
      return [...(scoped ?? granted.keys())].filter((id) => may("read", id));
    },
  };
}

/** Ids of the workspaces the viewer may read; undefined: all of them. */
export async function readableWorkspaceIds(
  engine: AccessEngine,
  viewer: Viewer,
): Promise<string[] | undefined> {
  return (await grantsOf(engine, viewer)).readable();
}

function unknownWorkspace(reference: string): AppError {
  return new AppError("NotFound", `There is no workspace ${JSON.stringify(reference)} that you can see.`, {
    workspaceId: reference,
  });
}

const MISSING: Record<Action, string> = {
  read: "read it",
  update: "change it",
  delete: "delete it",
  manage: "manage it",
  manage_permissions: "share it",
  manage_security: "manage its security",
  manage_repositories: "change its repositories",
};

/** Throws NotFound where the viewer may not even read, PermissionDenied where reading is all that is allowed. */
export function demand(grants: Grants, action: Action, workspaceId: string): void {
  if (grants.may(action, workspaceId)) return;
  if (!grants.may("read", workspaceId)) throw unknownWorkspace(workspaceId);
  throw new AppError(
    "PermissionDenied",
    `You can read this workspace but not ${MISSING[action]}. Ask one of its owners for a role that allows it.`,
    { workspaceId, action },
  );
}

/** The workspace named by an id or `slug:{slug}`, once the viewer may do this in it. Throws NotFound, PermissionDenied. */
export async function requireWorkspace(
  engine: AccessEngine,
  viewer: Viewer,
  action: Action,
  reference: string,
): Promise<{ workspace: WorkspaceRecord; grants: Grants }> {
  const { workspaces } = engine.store;
  const workspace = reference.startsWith("slug:")
    ? await workspaces.getBySlug(reference.slice("slug:".length))
    : await workspaces.get(reference);
  if (!workspace) throw unknownWorkspace(reference);
  const grants = await grantsOf(engine, viewer);
  if (!grants.may("read", workspace.id)) throw unknownWorkspace(reference);
  demand(grants, action, workspace.id);
  return { workspace, grants };
}

/** Throws unless the viewer may do this on the platform as a whole. */
export async function requirePlatform(engine: AccessEngine, viewer: Viewer, action: Action): Promise<Grants> {
  const grants = await grantsOf(engine, viewer);
  if (!grants.may(action, PLATFORM_WORKSPACE_ID))
    throw new AppError("PermissionDenied", "You need access to the platform workspace for this.", {
      workspaceId: PLATFORM_WORKSPACE_ID,
      action,
    });
  return grants;
}

/** Throws unless the viewer is a super admin whom no token narrows. */
export function requireSuperAdmin(viewer: Viewer): void {
  if (viewer.user.superAdmin && isUnscoped(viewer.scopes)) return;
  throw new AppError(
    "PermissionDenied",
    viewer.user.superAdmin
      ? "This token's scopes do not cover administration. Use a session or an unscoped token."
      : "Only super admins can do this. Ask one of them.",
  );
}

/** Throws unless the viewer acts as themselves: with a session, or with a token that nothing narrows. */
export function requireAccount(viewer: Viewer): void {
  if (isUnscoped(viewer.scopes)) return;
  throw new AppError(
    "PermissionDenied",
    "A scoped token cannot manage its owner's account. Use a session or an unscoped token.",
  );
}

/** Throws PermissionDenied for a token that may not create workspaces. */
export function refuseNarrowToken({ scopes }: Viewer): void {
  if (scopeAllows(scopes, "manage")) return;
  throw new AppError(
    "PermissionDenied",
    "This token cannot create workspaces: it does not have the scope manage.",
  );
}
