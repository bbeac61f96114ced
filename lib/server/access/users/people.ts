import type { z } from "zod";
import type { Person } from "@/lib/domain/access";
import type { Engine } from "../../engine";
import type { Viewer } from "../../viewer";
import { isUnscoped } from "../roles";
import { userView } from "./users";

/** Those whose names the viewer may know: everyone for a super admin, else the people of shared workspaces. */
export async function listPeople(
  engine: Pick<Engine, "store">,
  viewer: Viewer,
): Promise<z.infer<typeof Person>[]> {
  const { accounts } = engine.store;
  if (viewer.user.superAdmin && isUnscoped(viewer.scopes)) return (await accounts.users()).map(userView);
  const ids = new Set([viewer.user.id]);
  for (const { scopeKind, scope } of await accounts.bindings(viewer.user.id, viewer.user.groups))
    for (const binding of await accounts.bindingsOf(scopeKind, scope))
      if (binding.subjectKind === "user") ids.add(binding.subject);
  const users = await accounts.users([...ids]);
  return users.map(({ id, email, firstName, lastName }) => ({ id, email, firstName, lastName }));
}
