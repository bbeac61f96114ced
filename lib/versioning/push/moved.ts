import type { Oid } from "@/lib/domain/workspace";
import type { PreparedPush, RefUpdate, RepositorySession } from "../ports";

export function targetRefOf({ repository }: Pick<RepositorySession, "repository">): string {
  return `refs/heads/${repository.branch}`;
}

export function isTag(ref: string): boolean {
  return ref.startsWith("refs/tags/");
}

/** Which of these refs stand where they were sent to, as the remote was last read; others may have pushed on top. */
export async function movedRefs(
  session: RepositorySession,
  updates: readonly RefUpdate[],
): Promise<Set<string>> {
  const target = targetRefOf(session);
  const moved = new Set<string>();
  for (const { ref, expected, next } of updates) {
    const now = session.ref(ref);
    if (now === next) moved.add(ref);
    else if (ref === target && now !== null && now !== expected && (await contains(session, now, next)))
      moved.add(ref);
  }
  return moved;
}

/** Whether a commit that may never have got there is in the history of a tip. */
export async function contains(session: RepositorySession, tip: Oid, commit: Oid): Promise<boolean> {
  return tip === commit || session.isAncestor(commit, tip);
}

/** Whether the target branch has what was sent: only then is anything of it recorded. */
export function isReached(
  session: Pick<RepositorySession, "repository">,
  updates: readonly RefUpdate[],
  moved: ReadonlySet<string>,
): boolean {
  const target = targetRefOf(session);
  if (updates.some(({ ref }) => ref === target)) return moved.has(target);
  return updates.every(({ ref }) => moved.has(ref));
}

/** What is to be recorded of a workspace when only these refs moved: no version without its tag. */
export function recordable(
  prepared: PreparedPush,
  updates: readonly RefUpdate[],
  moved: ReadonlySet<string>,
): PreparedPush {
  const stays = (ref: string) => updates.find((update) => update.ref === ref && !moved.has(ref));
  const branch = stays(prepared.intermediateRef);
  const isUntagged = updates.some(({ ref }) => isTag(ref) && !moved.has(ref));
  if (!branch && !isUntagged) return prepared;
  const { versions, events, state, ...write } = prepared.write;
  return {
    ...prepared,
    write: {
      ...write,
      ...(state && { state: branch ? { ...state, intermediate: branch.expected } : state }),
      ...(versions && !isUntagged ? { versions } : {}),
      events: isUntagged ? events.filter(({ type }) => type !== "workspaces.versions.published") : events,
    },
  };
}
