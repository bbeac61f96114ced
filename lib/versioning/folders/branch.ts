import type { Oid } from "@/lib/domain/workspace";
import type { Ports, RepositorySession } from "../ports";
import { claimOf, namedIn } from "./claim";
import type { Wanted } from "./locate";

export interface OwnBranch {
  /** The intermediate branch's tip where it is this workspace's; else null. */
  tip: Oid | null;
  /** The tip that another workspace left on a branch of this name, where nothing else holds it: it becomes a parent. */
  superseded: Oid | null;
}

/**
 * The intermediate branch is called after the slug: once a slug has changed hands, what stands there is the history of the
 * workspace that had it before. That is never merged, and never lost.
 */
export async function ownBranch(
  ports: Pick<Ports, "workspaces">,
  session: RepositorySession,
  { repository, record, state, directory, tip }: Wanted & { directory: string; tip: Oid | null },
  intermediate: Oid | null,
): Promise<OwnBranch> {
  const own = { tip: intermediate, superseded: null };
  if (intermediate === null || intermediate === tip || repository.scope === "workspace") return own;
  if (state && (state.slug ?? record.slug) === record.slug && intermediate === state.intermediate) return own;
  if (tip !== null && (await session.isAncestor(intermediate, tip))) return own;
  const subtree = await session.subtree(intermediate, directory);
  if (subtree === null) return own;
  const claim = await claimOf(ports, record, state, await namedIn(session, subtree));
  return claim.kind === "other" ? { tip: null, superseded: intermediate } : own;
}
