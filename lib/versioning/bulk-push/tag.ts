import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import type { Ports, RepositorySession, RepositoryState } from "../ports";
import { contains, targetRefOf } from "../push/moved";
import { branchesCalled, refuseBranchNames, versionTaken } from "../push/names";
import { pushAndAsk } from "../push/send";
import type { Categorized } from "./categorize";

/** Of so many versions is found out whether they hold the present state. */
const EARLIER_VERSIONS = 20;
/** How the names begin that bulk pushes give their versions; see `automaticVersionName`. */
const AUTOMATIC_TAGS = "refs/tags/20";

export interface TagSubject {
  name: string;
  /** False: nobody asked for this very name, so an earlier version of the same state serves as well. */
  isNamed: boolean;
  retryOf: readonly string[];
  planned: readonly Categorized[];
  states: ReadonlyMap<string, RepositoryState>;
}

function tagRef(name: string): string {
  return `refs/tags/${name}`;
}

/** Names of the versions that were pushed last, the newest first as far as names tell. */
function lastVersions({ states }: TagSubject): string[] {
  const names = [...states.values()].flatMap(({ version }) => version ?? []);
  return [...new Set(names)].sort().reverse().slice(0, EARLIER_VERSIONS);
}

/** What to ask the remote for, so that the name can be checked and its tag be found. */
export function refsForTag(subject: TagSubject): string[] {
  const refs = [tagRef(subject.name), ...branchesCalled([subject.name])];
  const mayBeEarlier = !subject.isNamed && subject.planned.every(({ status }) => status !== "candidate");
  return mayBeEarlier ? [...refs, ...lastVersions(subject).map(tagRef), AUTOMATIC_TAGS] : refs;
}

/** The automatic name, or the first like it that has no tag yet: two pushes may begin within one second. */
export function freeAutomaticName(
  session: RepositorySession,
  { name, isNamed, retryOf, planned }: TagSubject,
): string {
  const isNew = !isNamed && retryOf.length === 0 && planned.some(({ status }) => status === "candidate");
  let free = name;
  for (let count = 2; isNew && session.ref(tagRef(free)) !== null; count++) free = `${name}-${String(count)}`;
  return free;
}

/** The tag's commit where it is one that an earlier try made. Throws VersionAlreadyExists for anybody else's. */
export async function tagOfEarlierTry(
  ports: Ports,
  session: RepositorySession,
  { name, retryOf, planned }: TagSubject,
): Promise<Oid | null> {
  refuseBranchNames(session, [name]);
  const tagged = session.ref(tagRef(name));
  if (tagged === null) return null;
  const { message } = await session.commit(tagged);
  if (retryOf.some((id) => message.includes(`Operation-Id: ${id}\n`))) return tagged;
  if (planned.some(({ status }) => status === "candidate")) throw versionTaken(name);
  // Nothing is to be pushed: started again, it is done already.
  if (tagged === session.ref(targetRefOf(session))) return tagged;
  const ids = planned.map(({ record }) => record.id);
  const known = await ports.workspaces.workspacesWithVersion(session.repository.id, name, ids);
  if (known.size === 0) throw versionTaken(name);
  return tagged;
}

/** The commit that has all the others in its history, of commits that were made one on the other. */
async function newest(session: RepositorySession, commits: readonly Oid[]): Promise<Oid | null> {
  let best: Oid | null = null;
  for (const commit of new Set(commits)) {
    if (!(await session.findCommit(commit))) continue;
    if (best === null || (await contains(session, commit, best))) best = commit;
  }
  return best;
}

async function holdsAll(session: RepositorySession, { states }: TagSubject, commit: Oid): Promise<boolean> {
  for (const known of new Set([...states.values()].map((state) => state.commit)))
    if (!(await contains(session, commit, known))) return false;
  return true;
}

/** A version whose tag has the last push of every workspace in its history; null: there is none. */
async function earlierVersion(session: RepositorySession, subject: TagSubject): Promise<string | null> {
  const automatic = [...session.refs(AUTOMATIC_TAGS).keys()].map((ref) => ref.slice(tagRef("").length));
  const names = [...automatic.sort().reverse().slice(0, EARLIER_VERSIONS), ...lastVersions(subject)];
  for (const name of new Set(names)) {
    const tagged = session.ref(tagRef(name));
    if (tagged !== null && (await holdsAll(session, subject, tagged))) return name;
  }
  return null;
}

/** The commit of the workspaces' versions of that name that has the others in its history; null: there is none. */
async function commitOf(
  ports: Ports,
  session: RepositorySession,
  { planned }: TagSubject,
  name: string,
): Promise<Oid | null> {
  const ids = planned.map(({ record }) => record.id);
  const versions = await ports.workspaces.versionsNamed(session.repository.id, name, ids);
  const last = versions.reduce((latest, { createdAt }) => (createdAt > latest ? createdAt : latest), "");
  const commits = versions.flatMap(({ createdAt, commit }) =>
    createdAt === last && commit ? [commit as Oid] : [],
  );
  const tip = session.ref(targetRefOf(session));
  const [first] = commits;
  if (first === undefined || tip === null) return null;
  // One request for all of history, rather than one for each of these.
  await contains(session, tip, first);
  return newest(session, commits);
}

interface Place {
  name: string;
  next: Oid;
}

/** The tag that an operation which pushed nothing has to make; null: none. */
async function missingTag(
  ports: Ports,
  session: RepositorySession,
  subject: TagSubject,
  isUpToDate: boolean,
): Promise<Place | null> {
  const { name, isNamed } = subject;
  const [last] = lastVersions(subject);
  // Without a name: the version pushed last, where nobody made its tag.
  const wanted = isNamed || last === undefined || session.ref(tagRef(last)) !== null ? name : last;
  const commit = await commitOf(ports, session, subject, wanted);
  if (commit && (isNamed || (isUpToDate && (await holdsAll(session, subject, commit)))))
    return { name: wanted, next: commit };
  if (!isUpToDate) return null;
  const tip = session.ref(targetRefOf(session));
  if (tip === null) throw branchMissing(session, name);
  return { name, next: tip };
}

function branchMissing({ repository }: RepositorySession, name: string): AppError {
  return new AppError(
    "RemoteNotFound",
    `The repository ${repository.name} has no branch ${repository.branch}, so the version ${name} cannot be tagged there. Restore the branch, or push with force to write everything again.`,
    { branch: repository.branch },
  );
}

/**
 * Sees to it that one tag marks the state of every workspace: without it nobody else can pull the version. `pushed` is
 * the last commit that the remote took; null: nothing was pushed. `isUpToDate`: the remote has all there is. Answers the name of the version whose tag it is. Throws
 * what kept the tag from being made.
 */
export async function finishTag(
  ports: Ports,
  session: RepositorySession,
  subject: TagSubject,
  found: { tagged: Oid | null; pushed: Oid | null; isUpToDate: boolean },
): Promise<string> {
  const { isNamed } = subject;
  let place: Place | null = found.pushed && { name: subject.name, next: found.pushed };
  if (!place) {
    if (found.tagged !== null) return subject.name;
    const earlier = isNamed || !found.isUpToDate ? null : await earlierVersion(session, subject);
    if (earlier !== null) return earlier;
    place = await missingTag(ports, session, subject, found.isUpToDate);
  }
  if (place) await makeTag(ports, session, place, found.tagged);
  return place?.name ?? subject.name;
}

async function makeTag(
  ports: Ports,
  session: RepositorySession,
  { name, next }: Place,
  expected: Oid | null,
): Promise<void> {
  const ref = tagRef(name);
  await ports.journal.phase("tagging", { ref, next });
  const outcome = await pushAndAsk(ports, session, [{ ref, expected, next }]).catch((error: unknown) => {
    if (ports.signal.aborted || !(error instanceof AppError)) throw error;
    throw untagged(name, error.code, error.message, { ...error.details, ref });
  });
  if (outcome.kind === "accepted") return;
  const why = `the remote refused it: ${[...outcome.reasons.values()].join("; ")}.`;
  throw untagged(name, "RemoteRejected", why, { ref });
}

function untagged(
  name: string,
  code: AppError["code"],
  why: string,
  details: Record<string, unknown>,
): AppError {
  return new AppError(
    code,
    `The workspaces are pushed, but their version ${name} has no tag yet, so nobody else can pull it: ${why} Retry this operation, or push again under the same name.`,
    { ...details, version: name },
  );
}
