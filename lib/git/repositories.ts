import { AppError } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import type { OpenOptions, Repositories } from "@/lib/versioning/ports";
import { testConnection } from "./connection/test-connection";
import { openFilesystemRepository } from "./filesystem-repository";
import { openGitRepository, type CommitIdentity } from "./git-repository";
import { KnownTips } from "./session/remote/known-tips";
import { newRemoteMemory, type RemoteMemory } from "./session/remote/remote-memory";
import { GIT_LIMITS, type GitLimits } from "./session/limits";
import { MemoryBudget } from "./session/remote/memory-budget";
import { createEgressPolicy, type EgressPolicy } from "@/lib/net/egress";
import { FileTransport } from "./transport/file";
import { HttpTransport } from "./transport/http/http";
import type { ProxySettings } from "@/lib/net/proxy";
import { parseRemoteUrl } from "./transport/remote-url";
import type { SshOptions } from "./transport/ssh/connection";
import { type HostKeys, memoryHostKeys } from "./transport/ssh/host-keys";
import { SshTransport } from "./transport/ssh/ssh";
import { interruptible } from "./transport/interruptible";
import { metered } from "./transport/metered";
import { REMOTE_TIMEOUTS, type RemoteTimeouts } from "@/lib/net/deadlines";
import { type GitTransport } from "./transport/transport";

export interface RepositoriesOptions {
  /** Default: public addresses, and the hosts of platform repositories. */
  egress?: EgressPolicy;
  /** Default: pinned for as long as the process lives. */
  hostKeys?: HostKeys;
  /** What https goes through. */
  proxy?: ProxySettings;
  /** Authorities (PEM) that are trusted everywhere, as NODE_EXTRA_CA_CERTS names them. */
  extraCa?: string;
  timeouts?: Partial<RemoteTimeouts>;
  limits?: Partial<GitLimits>;
  /** Default: who acts is author and committer. */
  identity?: CommitIdentity;
}

const MEMORY_MS = 10 * 60_000;
const REMEMBERED_REMOTES = 1000;

/** The way to every repository: git over http(s) and SSH, git on a mounted volume, and directories on disk. */
export function createRepositories(options: RepositoriesOptions = {}): Repositories {
  const egress = options.egress ?? createEgressPolicy();
  const hostKeys = options.hostKeys ?? memoryHostKeys();
  const timeouts = { ...REMOTE_TIMEOUTS, ...options.timeouts };
  const limits = { ...GIT_LIMITS, ...options.limits };
  const budget = new MemoryBudget(limits.processBytes);
  const tips = new KnownTips();
  const memories = new Map<string, { memory: RemoteMemory; until: number }>();

  const memoryOf = (url: string) => {
    const known = memories.get(url);
    if (known && known.until > Date.now()) return known.memory;
    const memory = newRemoteMemory();
    memories.delete(url);
    memories.set(url, { memory, until: Date.now() + MEMORY_MS });
    const oldest = memories.keys().next();
    if (memories.size > REMEMBERED_REMOTES && !oldest.done) memories.delete(oldest.value);
    return memory;
  };

  const transportOf = (
    repository: Repository,
    signal: AbortSignal,
    onHostKey?: SshOptions["onHostKey"],
  ): GitTransport => {
    const remote = parseRemoteUrl(repository.url);
    const trusted = repository.scope === "platform";
    if (remote.kind === "ssh") {
      const { auth } = repository;
      const host = { address: remote.address, trusted, egress, hostKeys, onHostKey };
      return new SshTransport({ ...host, auth, timeouts, signal });
    }
    if (remote.kind === "http") {
      const { auth, ca } = repository;
      const { proxy, extraCa } = options;
      const host = { url: remote.url, trusted, egress, proxy, ca, extraCa };
      return new HttpTransport({ ...host, auth, timeouts, signal });
    }
    if (!trusted) {
      throw new AppError(
        "PermissionDenied",
        "Only a platform repository can use a file:// URL. Use the repository's https or SSH address.",
      );
    }
    return new FileTransport({ path: remote.path, timeouts, signal });
  };

  return {
    async open(repository: Repository, open: OpenOptions) {
      open.signal.throwIfAborted();
      if (repository.type === "filesystem") return openFilesystemRepository(repository, open, limits);
      const transport = metered(interruptible(transportOf(repository, open.signal), open.signal));
      return openGitRepository(repository, open, {
        transport,
        memory: memoryOf(repository.url),
        tips,
        limits,
        budget,
        ...(options.identity && { identity: options.identity }),
      });
    },
    test: (repository, signal) =>
      testConnection(repository, {
        egress,
        proxy: options.proxy,
        extraCa: options.extraCa,
        timeouts,
        limits,
        signal,
        transport: (onHostKey) => interruptible(transportOf(repository, signal, onHostKey), signal),
      }),
  };
}
