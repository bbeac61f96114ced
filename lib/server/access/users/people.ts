import type { z } from "zod";
import type { Person } from "@/lib/domain/access";
import type { RoleBindingRecord } from "@/lib/store/contract";
import type { Engine } from "../../engine";
import type { Viewer } from "../../viewer";
import { grantsOf } from "../permissions";
import { isUnscoped, scopeAllows, scopedWorkspaces } from "@/lib/domain/access/roles";
import { nameOf } from "./names";
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

/** Who did something that the viewer reads of, as an author of a version, with a name and no address. */
async function actorsWithNames(
  { store, env }: Pick<Engine, "store" | "env">,
  viewer: Viewer,
  known: ReadonlySet<string>,
): Promise<z.infer<typeof Person>[]> {
  const readable = (await grantsOf({ store, env }, viewer)).readable();
  const actors = (await store.accounts.actorsIn(readable)).filter((id) => !known.has(id));
  const users = actors.length > 0 ? await store.accounts.users(actors) : [];
  return users.map((user) => ({ id: user.id, firstName: nameOf(user), lastName: "" }));
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
  const known = users.map(({ id, email, firstName, lastName }) => ({ id, email, firstName, lastName }));
  return [...known, ...(await actorsWithNames(engine, viewer, ids))];
}
