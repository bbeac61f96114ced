import { nanoid } from "nanoid";
import { AppError } from "@/lib/domain/error";
import { scopeAllows } from "../../access";
import type { Engine } from "../../engine";
import type { Viewer } from "../../viewer";

/** Throws PermissionDenied for a token that may not create workspaces. */
export function refuseNarrowToken({ scopes }: Viewer): void {
  if (scopeAllows(scopes, "manage")) return;
  throw new AppError("PermissionDenied", "This token may not create workspaces: it lacks the scope manage.");
}

/**
 * Makes the viewer the owner of a workspace while it is created; taken back when the creation fails. Bound first, for
 * a workspace that nobody owns could only be reached by a super admin.
 */
export async function createOwned<T>(
  engine: Pick<Engine, "store">,
  viewer: Viewer,
  workspaceId: string,
  create: () => Promise<T>,
): Promise<T> {
  const { accounts } = engine.store;
  const id = nanoid();
  await accounts.bind({
    id,
    subjectKind: "user",
    subject: viewer.user.id,
    scopeKind: "workspace",
    scope: workspaceId,
    role: "owner",
    createdBy: viewer.user.id,
  });
  try {
    return await create();
  } catch (error) {
    await accounts.unbind(id);
    throw error;
  }
}
