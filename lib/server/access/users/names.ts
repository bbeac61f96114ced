import type { UserRecord } from "@/lib/store/contract";
import type { Engine } from "../../engine";

/** What somebody is called by those who may not see their address: their name, or the first part of the address. */
export function nameOf({
  firstName,
  lastName,
  email,
}: Pick<UserRecord, "firstName" | "lastName" | "email">): string {
  return `${firstName} ${lastName}`.trim() || (email.split("@")[0] ?? "");
}

/** What these users are called, by id; the server itself is Switchyard, and a deleted user is not there. */
export async function namesOf(
  { store }: Pick<Engine, "store">,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(userIds)].filter((id) => id !== "");
  const users = ids.length > 0 ? await store.accounts.users(ids) : [];
  return new Map([
    ["system", "Switchyard"],
    ...users.map((user): [string, string] => [user.id, nameOf(user)]),
  ]);
}
