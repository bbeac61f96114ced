import { AppError, invariant } from "@/lib/domain/error";
import {
  requireAccount,
  requirePlatform,
  requireSuperAdmin,
  requireWorkspace,
  type Action,
} from "@/lib/server/access";
import type { Access } from "@/lib/contract/endpoint";
import type { Engine } from "@/lib/server/engine";
import type { Viewer } from "@/lib/server/viewer";

/** Lets a request through to its handler, with what was looked up on the way. Throws Unauthenticated, PermissionDenied, NotFound. */
export async function admit(
  engine: Engine,
  access: Access,
  viewer: Viewer | null,
  params: Record<string, unknown>,
) {
  if (access === "public") return {};
  if (!viewer) throw new AppError("Unauthenticated", "Sign in, or send an access token.");
  if (access === "account") requireAccount(viewer);
  if (access === "super-admin") requireSuperAdmin(viewer);
  const [place, action] = access.split(":") as [string, Action | undefined];
  if (action === undefined) return {};
  if (place === "platform") return { grants: await requirePlatform(engine, viewer, action) };
  invariant(typeof params.id === "string", "a route about a workspace has {id} in its path");
  return requireWorkspace(engine, viewer, action, params.id);
}
