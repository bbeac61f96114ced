import type { Engine } from "../engine";
import type { Viewer } from "../viewer";

interface Person {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
}

/** Those whose names the viewer may know: everyone for a super admin, else the people of shared workspaces. */
export async function listPeople(engine: Pick<Engine, "store">, viewer: Viewer): Promise<Person[]> {
  const { accounts } = engine.store;
  const ids = new Set([viewer.user.id]);
  for (const { scopeKind, scope } of await accounts.bindings(viewer.user.id))
    for (const binding of await accounts.bindingsOf(scopeKind, scope))
      if (binding.subjectKind === "user") ids.add(binding.subject);
  const users = viewer.user.superAdmin ? await accounts.users() : await accounts.users([...ids]);
  return users.map(({ id, email, firstName, lastName }) => ({ id, email, firstName, lastName }));
}
