import { AppError } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import type { OpenOptions, PushOutcome, RefUpdate, RepositorySession } from "@/lib/versioning/ports";
import type { Person } from "./objects/commit";
import { writePack } from "./pack/pack-writer";
import { type PushFeatures, type PushReport, sendPack } from "./protocol/receive-pack";
import { remoteText } from "./protocol/remote-text";
import { GitRemote } from "./session/remote/git-remote";
import type { KnownTips } from "./session/remote/known-tips";
import type { RemoteMemory } from "./session/remote/remote-memory";
import type { GitLimits } from "./session/limits";
import type { MemoryAccount, MemoryBudget } from "./session/remote/memory-budget";
import { ObjectSession } from "./session/object-session";
import { Outgoing } from "./session/outgoing";
import type { GitTransport } from "./transport/transport";

/** Who commits are from, where that is not their author. */
export interface CommitIdentity {
  committer: Person;
  /** Gives commits the committer's address as their author's as well; the name stays the person's. */
  coversAuthor: boolean;
}

export interface GitSessionParts {
  transport: GitTransport;
  memory: RemoteMemory;
  tips: KnownTips;
  limits: GitLimits;
  budget: MemoryBudget;
  identity?: CommitIdentity;
}

/** Opens a conversation with a git repository and reads its refs. */
export async function openGitRepository(
  repository: Repository,
  options: OpenOptions,
  parts: GitSessionParts,
): Promise<RepositorySession> {
  const session = new GitSession(repository, options, parts);
  try {
    await session.refresh();
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

class GitSession extends ObjectSession {
  readonly #git: GitRemote;
  readonly #transport: GitTransport;
  readonly #memoryAccount: MemoryAccount;
  readonly #identity: CommitIdentity | undefined;

  constructor(repository: Repository, options: OpenOptions, parts: GitSessionParts) {
    let remote: GitRemote | undefined;
    const memoryAccount = parts.budget.open(parts.limits.pack.packBytes);
    const segments = repository.dirpath.split("/").filter(Boolean);
    super(repository, options, parts.limits, (store) => {
      remote = new GitRemote({
        ...parts,
        memoryAccount,
        store,
        signal: options.signal,
        prefixes: options.refs,
        expects: { commits: [], trees: [], ...options.expects },
        pushes: options.pushes ?? false,
        isMostlyKnown: options.isMostlyKnown ?? false,
        targetRef: `refs/heads/${repository.branch}`,
        segments,
        levels: segments.length + (repository.scope === "platform" ? 1 : 0),
        tipKey: `${repository.url}\n${repository.branch}\n${repository.dirpath}`,
      });
      return remote;
    });
    if (!remote) throw new Error("A session makes its remote when it is made.");
    this.#git = remote;
    this.#memoryAccount = memoryAccount;
    this.#transport = parts.transport;
    this.#identity = parts.identity;
  }

  protected override peopleOf({ author }: { author: Person }): { author: Person; committer?: Person } {
    if (!this.#identity) return { author };
    const { committer, coversAuthor } = this.#identity;
    return { author: coversAuthor ? { ...author, email: committer.email } : author, committer };
  }

  ref(name: string): Oid | null {
    return this.#git.refs.get(name)?.peeled ?? null;
  }

  refs(prefix: string): Map<string, Oid> {
    const found = new Map<string, Oid>();
    for (const [name, { peeled }] of this.#git.refs) if (name.startsWith(prefix)) found.set(name, peeled);
    return found;
  }

  refresh(): Promise<void> {
    return this.#git.readRefs();
  }

  async push(updates: readonly RefUpdate[]): Promise<PushOutcome> {
    const moved = updates.filter(({ expected, next }) => expected !== next);
    if (moved.length === 0) return { kind: "accepted" };
    const features = await this.#git.pushFeatures();
    const groups = features.atomic ? [moved] : this.#inOrder(moved);
    const before = new Set<string>();
    let unseen: RefUpdate[] = [];
    for (const group of groups) {
      // What is not known to be true is looked at once the target was sent, and at the end.
      const isLooked = features.isTruthful || group === groups.at(-1) || this.#hasTarget(group);
      unseen.push(...group);
      const outcome = await this.#send(group, features, isLooked ? unseen : null);
      if (outcome.kind === "rejected") return { ...outcome, moved: new Set([...before, ...outcome.moved]) };
      if (!isLooked) continue;
      for (const { ref } of unseen) before.add(ref);
      unseen = [];
    }
    return { kind: "accepted" };
  }

  override async close(): Promise<void> {
    this.#transport.close();
    this.#git.rememberTip();
    await super.close();
    this.#memoryAccount.close();
  }

  /**
   * Without `atomic`: what can be repeated first, then the branch that others read, and the names for it when it has
   * moved. Each is a push of its own, for the server decides about every ref by itself.
   */
  #inOrder(updates: readonly RefUpdate[]): RefUpdate[][] {
    const target = `refs/heads/${this.repository.branch}`;
    const turn = ({ ref }: RefUpdate) => (ref === target ? 1 : ref.startsWith("refs/heads/") ? 0 : 2);
    return [0, 1, 2]
      .map((which) => updates.filter((update) => turn(update) === which))
      .filter((group) => group.length > 0);
  }

  #hasTarget(updates: readonly RefUpdate[]): boolean {
    return updates.some(({ ref }) => ref === `refs/heads/${this.repository.branch}`);
  }

  /** `unseen`: these and those sent before them of which only the remote's word is known; null: that is enough for now. */
  async #send(
    updates: readonly RefUpdate[],
    features: PushFeatures,
    unseen: readonly RefUpdate[] | null,
  ): Promise<PushOutcome> {
    const { signal } = this.options;
    const outgoing = await Outgoing.from(
      this.store,
      updates.map(({ next }) => next),
      signal,
    );
    const { chunks } = await writePack(outgoing.objects(), {
      ofsDelta: features.ofsDelta,
      readerHas: (oid) => features.thin && this.store.isRemote(oid),
      signal,
    });
    const commands = updates.map(({ ref, expected, next }) => ({
      ref,
      old: this.#held(ref, expected),
      next,
    }));
    const report = await sendPack(this.#transport, commands, chunks, features, this.limits.refBytes).catch(
      (error: unknown) => {
        throw ofThisSize(error, chunks);
      },
    );
    const refused = refusals(updates, report);
    const isCertain = refused.size === 0 && report.reported && (features.isTruthful || unseen === null);
    if (!isCertain) {
      await this.refresh();
      const open = unseen ?? updates;
      const moved = await this.#moved(open, report, features);
      if (moved.size < open.length) {
        if (!report.reported && features.reportStatus) throw endedWithoutAnswer();
        return this.#rejected(open, refused, moved);
      }
    }
    this.store.settlePushed(outgoing.sent);
    if (isCertain) for (const { ref, next } of updates) this.#git.refs.set(ref, { oid: next, peeled: next });
    return { kind: "accepted" };
  }

  /** The refs that moved, each by its own line of a report that can be believed, else by what the remote shows now. */
  async #moved(
    updates: readonly RefUpdate[],
    report: PushReport,
    { isTruthful }: PushFeatures,
  ): Promise<Set<string>> {
    const target = `refs/heads/${this.repository.branch}`;
    const moved = new Set<string>();
    for (const { ref, expected, next } of updates) {
      const said = report.unpackError === null ? report.results.get(ref) : undefined;
      const now = this.ref(ref);
      if (now === next || (said === null && isTruthful)) moved.add(ref);
      // Others may have pushed on top of ours since. Where the remote said no, that is somebody else's push.
      else if (ref === target && typeof said !== "string" && now !== null && now !== expected)
        if (await this.isAncestor(next, now)) moved.add(ref);
    }
    return moved;
  }

  #rejected(
    updates: readonly RefUpdate[],
    refused: ReadonlyMap<string, string>,
    moved: ReadonlySet<string>,
  ): PushOutcome {
    const left = updates.filter(({ ref }) => !moved.has(ref));
    return {
      kind: "rejected",
      stale: left.some(({ ref, expected }) => this.ref(ref) !== expected),
      reasons: new Map(left.map(({ ref }) => [ref, refused.get(ref) ?? "the remote did not move it"])),
      moved,
    };
  }

  /** What the ref itself holds: for an annotated tag that is not the commit which the port speaks of. */
  #held(ref: string, expected: Oid | null): Oid | null {
    const advertised = this.#git.refs.get(ref);
    return advertised && advertised.peeled === expected ? advertised.oid : expected;
  }
}

/** A request that was too large, or broke, says how large it was. */
function ofThisSize(error: unknown, chunks: readonly Buffer[]): unknown {
  if (!(error instanceof AppError)) return error;
  const { status, reason } = error.details ?? {};
  if (status !== 413 && reason !== "connection") return error;
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const size =
    bytes < 1024 * 1024
      ? `${String(Math.ceil(bytes / 1024))} KiB`
      : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  const message = `${error.message} The push had ${size}.`;
  return new AppError(error.code, message, { ...error.details, bytes }, { cause: error });
}

function endedWithoutAnswer(): AppError {
  return new AppError(
    "RemoteUnreachable",
    "The remote ended the push without a response. Check its log, then push again.",
    { reason: "connection" },
  );
}

/** Why refs were refused, in the remote's words and those of its hooks. */
function refusals(updates: readonly RefUpdate[], report: PushReport): Map<string, string> {
  const reasons = new Map<string, string>();
  if (!report.reported) return reasons;
  for (const { ref } of updates) {
    const answer = report.results.get(ref);
    const reason =
      report.unpackError !== null
        ? `the pack was refused: ${report.unpackError}`
        : answer === undefined
          ? "no answer"
          : answer;
    if (reason === null) continue;
    reasons.set(ref, remoteText(report.messages ? `${reason} (${report.messages})` : reason));
  }
  return reasons;
}
