import { nanoid } from "nanoid";
import type { SharePermissions, ShareTarget } from "@/lib/domain/access/requests";
import type { PermissionsList, PermissionsView } from "@/lib/domain/access";
import { AppError } from "@/lib/domain/error";
import { newEvent } from "@/lib/domain/event";
import type { RoleBindingRecord } from "@/lib/store/contract";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../../engine";
import type { Viewer } from "../../viewer";
import { grantsOf, type Grants } from "../permissions";
import {
  ACTIONS,
  actionsOf,
  isAction,
  isBuiltInRole,
  policiesOf,
  policiesRole,
  ROLES,
  type Action,
} from "@/lib/domain/access/roles";
import { customRoles } from "../custom-roles";

type SharingEngine = Pick<Engine, "store" | "env">;

const GROUP_PREFIX = "group:";
type Subject = Pick<RoleBindingRecord, "subjectKind" | "subject">;

function targetId({ subjectKind, subject }: Subject): string {
  return subjectKind === "group" ? GROUP_PREFIX + subject : subject;
}

async function views(
  engine: SharingEngine,
  bindings: readonly RoleBindingRecord[],
): Promise<PermissionsView[]> {
  const ids = bindings.filter(({ subjectKind }) => subjectKind === "user").map(({ subject }) => subject);
  const users = new Map((await engine.store.accounts.users(ids)).map((user) => [user.id, user]));
  return bindings.map((binding) => {
    const { subjectKind, subject, role, createdAt, createdBy } = binding;
    const user = subjectKind === "user" ? users.get(subject) : undefined;
    const displayName = user && `${user.firstName} ${user.lastName}`.trim();
    const policies = policiesOf(role);
    return {
      target: {
        id: targetId(binding),
        ...(user ? { email: user.email } : {}),
        ...(displayName ? { displayName } : {}),
        ...(subjectKind === "group" ? { group: subject, displayName: subject } : {}),
      },
      permissions: policies
        ? { policies: Object.fromEntries(policies.map((action) => [action, true])) }
        : { role },
      ...(createdAt === undefined ? {} : { createdAt }),
      ...(createdBy === undefined ? {} : { createdBy }),
    };
  });
}

/** Who may do what in a workspace, and which roles there are to give. */
export async function listPermissions(
  engine: SharingEngine,
  workspace: WorkspaceRecord,
): Promise<PermissionsList> {
  const custom = (await customRoles(engine, [workspace.id])).get(workspace.id) ?? new Map<string, Action[]>();
  const builtIn = Object.entries(ROLES).map(([role, actions]) => ({
    name: role,
    actions: [...actions],
    custom: false,
  }));
  return {
    result: await views(engine, await engine.store.accounts.bindingsOf("workspace", workspace.id)),
    roles: [
      ...builtIn,
      ...[...custom].map(([role, actions]) => ({ name: role, actions: [...actions], custom: true })),
    ],
  };
}

async function subjectOf(engine: SharingEngine, { id, email, group }: ShareTarget): Promise<Subject> {
  if ([id, email, group].filter((one) => one !== undefined).length !== 1)
    throw new AppError("InvalidRequest", "Identify the target with exactly one of id, email and group.");
  if (group !== undefined) return { subjectKind: "group", subject: group };
  if (id?.startsWith(GROUP_PREFIX)) return { subjectKind: "group", subject: id.slice(GROUP_PREFIX.length) };
  const user =
    email === undefined
      ? await engine.store.accounts.user(id ?? "")
      : await engine.store.accounts.userByEmail(email.trim().toLowerCase());
  if (user) return { subjectKind: "user", subject: user.id };
  throw new AppError(
    "NotFound",
    `There is no user ${email ?? id ?? ""}. Ask a super admin to invite them first.`,
    email === undefined ? { id } : { email },
  );
}

interface Wanted {
  role: string;
  actions: readonly Action[];
}

async function wantedRole(
  engine: SharingEngine,
  workspace: WorkspaceRecord,
  { role, policies }: SharePermissions["permissions"],
): Promise<Wanted> {
  if ((role === undefined) === (policies === undefined))
    throw new AppError("InvalidRequest", "Send either a role or policies.");
  if (policies !== undefined) {
    const named = Object.entries(policies).flatMap(([action, given]) =>
      given && isAction(action) ? [action] : [],
    );
    const actions = named.includes("manage") ? ACTIONS : [...new Set<Action>(["read", ...named])];
    if (named.length === 0)
      throw new AppError("InvalidRequest", "Send at least one policy, or delete the target.");
    return { role: policiesRole(actions), actions };
  }
  const wanted = role ?? "";
  if (isBuiltInRole(wanted)) return { role: wanted, actions: ROLES[wanted] };
  const custom = (await customRoles(engine, [workspace.id])).get(workspace.id);
  const actions = custom?.get(wanted);
  if (actions) return { role: wanted, actions };
  const known = [...Object.keys(ROLES), ...(custom?.keys() ?? [])];
  throw new AppError("InvalidRequest", `There is no role ${wanted} here. Known: ${known.join(", ")}.`, {
    known,
  });
}

function refuseMoreThanOwn(
  grants: Grants,
  workspaceId: string,
  actions: readonly Action[],
  what: string,
): void {
  const missing = actions.filter((action) => !grants.may(action, workspaceId));
  if (missing.length === 0) return;
  throw new AppError(
    "PermissionDenied",
    `You cannot ${what} permissions that you do not have yourself: ${missing.join(", ")}. Ask an owner of the workspace.`,
    { missing },
  );
}

async function bindingOf(engine: SharingEngine, workspace: WorkspaceRecord, subject: Subject) {
  const bindings = await engine.store.accounts.bindingsOf("workspace", workspace.id);
  const isIt = (one: Subject) => one.subjectKind === subject.subjectKind && one.subject === subject.subject;
  return { binding: bindings.find(isIt), others: bindings.filter((one) => !isIt(one)) };
}

async function actionsHeld(engine: SharingEngine, workspace: WorkspaceRecord, role: string) {
  if (isBuiltInRole(role) || policiesOf(role)) return actionsOf(role);
  return (await customRoles(engine, [workspace.id])).get(workspace.id)?.get(role) ?? [];
}

/** A workspace without an owner could be managed by super admins only. */
function refuseLastOwner(
  viewer: Viewer,
  binding: RoleBindingRecord | undefined,
  others: readonly RoleBindingRecord[],
): void {
  if (binding?.role !== "owner" || viewer.user.superAdmin) return;
  if (others.some(({ role }) => role === "owner")) return;
  throw new AppError(
    "InvalidRequest",
    "This is the last owner of the workspace. Make someone else an owner first.",
  );
}

/** Gives somebody a role in a workspace, in place of the one they had. Throws InvalidRequest, NotFound, PermissionDenied. */
export async function sharePermissions(
  engine: SharingEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  { target, permissions }: SharePermissions,
): Promise<PermissionsView> {
  const subject = await subjectOf(engine, target);
  const wanted = await wantedRole(engine, workspace, permissions);
  const grants = await grantsOf(engine, viewer);
  const { binding, others } = await bindingOf(engine, workspace, subject);
  refuseMoreThanOwn(grants, workspace.id, wanted.actions, "give");
  if (binding)
    refuseMoreThanOwn(grants, workspace.id, await actionsHeld(engine, workspace, binding.role), "take away");
  if (wanted.role !== "owner") refuseLastOwner(viewer, binding, others);
  const { accounts, events } = engine.store;
  const scope = { scopeKind: "workspace", scope: workspace.id } as const;
  await accounts.bind({ id: nanoid(), ...subject, ...scope, role: wanted.role, createdBy: viewer.user.id });
  const after = (await bindingOf(engine, workspace, subject)).binding;
  const [view] = after ? await views(engine, [after]) : [];
  if (!view) throw new AppError("NotFound", "Somebody removed the permission in the meantime.");
  await events.append([
    newEvent(viewer, "workspaces.permissions.shared", workspace.id, {
      subjectId: workspace.id,
      target: view.target,
      permissions: view.permissions,
    }),
  ]);
  return view;
}

/** Takes somebody's role in a workspace away. Throws NotFound, PermissionDenied. */
export async function deletePermissions(
  engine: SharingEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  target: string,
): Promise<PermissionsView> {
  const { accounts, events } = engine.store;
  const byEmail = target.includes("@") ? await accounts.userByEmail(target.toLowerCase()) : null;
  const subject: Subject = target.startsWith(GROUP_PREFIX)
    ? { subjectKind: "group", subject: target.slice(GROUP_PREFIX.length) }
    : { subjectKind: "user", subject: byEmail?.id ?? target };
  const { binding, others } = await bindingOf(engine, workspace, subject);
  if (!binding) throw new AppError("NotFound", "This workspace is not shared with them.", { target });
  const grants = await grantsOf(engine, viewer);
  refuseMoreThanOwn(grants, workspace.id, await actionsHeld(engine, workspace, binding.role), "take away");
  refuseLastOwner(viewer, binding, others);
  const [view] = await views(engine, [binding]);
  if (!view) throw new Error("A binding has a view.");
  await accounts.unbind(binding.id);
  await events.append([
    newEvent(viewer, "workspaces.permissions.deleted", workspace.id, {
      subjectId: workspace.id,
      target: view.target,
    }),
  ]);
  return view;
}
