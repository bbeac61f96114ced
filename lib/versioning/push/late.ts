import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import type {
  Lease,
  Ports,
  PreparedPush,
  RepositorySession,
  RepositoryState,
  UnconfirmedAttempt,
  WorkspaceWrite,
} from "../ports";
import { contains, isTag, recordable, targetRefOf } from "./moved";

/** What to ask a remote for beside what the operation needs, to recognise these attempts there. */
export function refsOfAttempts(attempts: readonly UnconfirmedAttempt[]): string[] {
  return [...new Set(attempts.flatMap(({ attempt }) => attempt.updates.map(({ ref }) => ref)))];
}

interface Subject {
  attempts: readonly UnconfirmedAttempt[];
  ids: readonly string[];
  /** How the workspaces and the repository stood when they last met, as far as it is recorded. */
  states: ReadonlyMap<string, RepositoryState>;
}

/** A push of ours that the remote took after nobody waited for it any more. */
interface LatePush {
  from: UnconfirmedAttempt;
  prepared: PreparedPush;
}

/** Commits that we put on intermediate branches, although their target branch did not take them. */
export function ownCommits(session: RepositorySession, { attempts }: Pick<Subject, "attempts">): Set<Oid> {
  const prepared = attempts.flatMap(({ attempt }) => attempt.workspaces);
  return new Set(
    prepared.flatMap(({ intermediateRef, intermediate }) =>
      session.ref(intermediateRef) === intermediate ? [intermediate] : [],
    ),
  );
}

/** Whether the workspace's part of the remote is as it was left, so that nothing can have arrived. */
async function isQuiet(
  session: RepositorySession,
  tip: Oid,
  { write, intermediateRef }: PreparedPush,
  state: RepositoryState | undefined,
): Promise<boolean> {
  const held = await session.subtree(tip, write.state?.directory ?? "");
  if (held !== (state?.remoteSubtree ?? null)) return false;
  const branch = session.ref(intermediateRef);
  return branch === null || branch === state?.intermediate || branch === state?.commit;
}

/** Those attempts that are in the history of the target branch, oldest first, by workspace; writes nothing. */
async function findLate(session: RepositorySession, subject: Subject): Promise<LatePush[]> {
  const targetRef = targetRefOf(session);
  const tip = session.ref(targetRef);
  if (tip === null) return [];
  const asked = new Set(subject.ids);
  const found: LatePush[] = [];
  for (const from of subject.attempts) {
    const { updates, workspaces } = from.attempt;
    const sent = updates.find(({ ref }) => ref === targetRef)?.next;
    const open = workspaces.filter(
      ({ workspaceId, target }) =>
        asked.has(workspaceId) && subject.states.get(workspaceId)?.commit !== target,
    );
    if (sent === undefined || open.length === 0) continue;
    const stirred = await Promise.all(
      open.map(async (one) => !(await isQuiet(session, tip, one, subject.states.get(one.workspaceId)))),
    );
    if (!stirred.includes(true)) continue;
    // The last commit of an attempt has all the others in its history.
    if (sent !== tip && !((await session.findCommit(sent)) && (await contains(session, tip, sent)))) continue;
    const moved = updates.filter(({ ref, next }) => !isTag(ref) || session.ref(ref) === next);
    const refs = new Set(moved.map(({ ref }) => ref));
    for (const one of open) found.push({ from, prepared: recordable(one, updates, refs) });
  }
  return found;
}

export interface SettledLate {
  /** The states as they are now. */
  states: Map<string, RepositoryState>;
  /** What was recorded, oldest first. */
  recorded: PreparedPush[];
}

/**
 * Records pushes of ours that arrived late, as they would have been when they were sent. A workspace that somebody else
 * holds is left to that one; without leases no lock may stand.
 */
export async function settleLate(
  ports: Ports,
  session: RepositorySession,
  subject: Subject & { leases?: ReadonlyMap<string, Lease> },
): Promise<SettledLate> {
  const states = new Map(subject.states);
  const recorded: PreparedPush[] = [];
  const late = await findLate(session, subject);
  for (const { prepared } of late) {
    const { workspaceId } = prepared;
    const lease = subject.leases?.get(workspaceId);
    if (subject.leases && !lease) continue;
    const write = await lateWrite(ports, session, prepared, states.get(workspaceId));
    try {
      await ports.workspaces.write([{ ...write, guard: lease ? { lease } : {} }]);
    } catch (error) {
      if (error instanceof AppError && error.code === "WorkspaceLocked") continue;
      throw error;
    }
    if (write.state) states.set(workspaceId, write.state);
    recorded.push(prepared);
  }
  const asked = new Set(recorded.map(({ workspaceId }) => workspaceId));
  for (const from of new Set(late.map((one) => one.from)))
    if (from.attempt.workspaces.every(({ workspaceId }) => asked.has(workspaceId)))
      await ports.journal.confirm(from);
  return { states, recorded };
}

/** What is still to be written: nothing that is older than what is known already. */
async function lateWrite(
  ports: Ports,
  session: RepositorySession,
  { write, target }: PreparedPush,
  state: RepositoryState | undefined,
): Promise<Omit<WorkspaceWrite, "guard">> {
  const { lock: _lock, versions = [], ...rest } = write;
  const isNew = await Promise.all(
    versions.map(
      async ({ workspaceId, repositoryId, name }) =>
        (await ports.workspaces.version(workspaceId, repositoryId, name)) === null,
    ),
  );
  const unknown = versions.filter((_, index) => isNew[index]);
  const isPassed =
    state !== undefined &&
    (await session.findCommit(state.commit)) !== null &&
    (await contains(session, state.commit, target));
  if (!isPassed) return { ...rest, versions: unknown };
  const { workspaceId, userId } = rest;
  return { workspaceId, userId, versions: unknown, events: [] };
}
