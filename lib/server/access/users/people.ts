import type { z } from "zod";
import type { Person } from "@/lib/domain/access";
import type { RoleBindingRecord } from "@/lib/store/contract";
import type { Engine } from "../../engine";
import type { Viewer } from "../../viewer";
import { grantsOf } from "../permissions";
import { isUnscoped, scopeAllows, scopedWorkspaces } from "../roles";
import { userView } from "./users";

type Place = Pick<RoleBindingRecord, "scopeKind" | "scope">;

/** Where the viewer meets others: what is shared with them, but with a token for some workspaces no more than those. */
async function sharedPlaces(engine: Pick<Engine, "store" | "env">, viewer: Viewer): Promise<Place[]> {
  const grants = await grantsOf(engine, viewer);
  const scoped = scopedWorkspaces(viewer.scopes);
  const places: Place[] = scoped
    ? [...scoped].map((scope) => ({ scopeKind: "workspace", scope }))
    : await engine.store.accounts.bindings(viewer.user.id, viewer.user.groups);
  return places.filter(({ scopeKind, scope }) =>
    scopeKind === "workspace" ? grants.may("read", scope) : scopeAllows(viewer.scopes, "read"),
  );
}

/** Those whose names the viewer may know: everyone for a super admin, else the people of shared workspaces. */
export async function listPeople(
  engine: Pick<Engine, "store" | "env">,
  viewer: Viewer,
): Promise<z.infer<typeof Person>[]> {
  const { accounts } = engine.store;
  if (viewer.user.superAdmin && isUnscoped(viewer.scopes)) return (await accounts.users()).map(userView);
  const ids = new Set([viewer.user.id]);
  for (const { scopeKind, scope } of await sharedPlaces(engine, viewer))
    for (const binding of await accounts.bindingsOf(scopeKind, scope))
      if (binding.subjectKind === "user") ids.add(binding.subject);
  const users = await accounts.users([...ids]);
  return users.map(({ id, email, firstName, lastName }) => ({ id, email, firstName, lastName }));
}
