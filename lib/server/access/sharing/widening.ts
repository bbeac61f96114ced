import { AppError } from "@/lib/domain/error";
import type { Action } from "@/lib/domain/access/roles";
import { rolesIn } from "../custom-roles";

/** Who changes a security.yml, as far as it matters what they may do themselves. */
export type Holder = (action: Action) => boolean;

/** What roles of a security.yml gain by a change and its author does not hold, as `role: action`. */
export function widenedBeyond(before: unknown, after: unknown, holds: Holder): string[] {
  const old = rolesIn(before);
  return [...rolesIn(after)].flatMap(([role, actions]) =>
    actions
      .filter((action) => !old.get(role)?.includes(action) && !holds(action))
      .map((action) => `${role}: ${action}`),
  );
}

/**
 * Throws PermissionDenied for a change of security.yml that lets a role do what its author may not: whoever may manage
 * security could otherwise give themselves everything.
 */
export function refuseWidening(before: unknown, after: unknown, holds: Holder): void {
  const widened = widenedBeyond(before, after, holds);
  if (widened.length === 0) return;
  throw new AppError(
    "PermissionDenied",
    `You cannot give roles permissions that you do not have yourself (${widened.slice(0, 10).join(", ")}). Ask an owner of the workspace.`,
    { widened: widened.slice(0, 50) },
  );
}
