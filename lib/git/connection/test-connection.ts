import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ConnectionStep } from "@/lib/domain/wire/connection";
import { AppError } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import { Conversation } from "../protocol/conversation";
import { nameOfCommit, readCheckout } from "../on-disk/checkout";
import { testWriting } from "./write-access";
import type { AdvertisedRef } from "../protocol/lines";
import type { GitLimits } from "../session/limits";
import type { EgressPolicy } from "@/lib/net/egress";
import type { ProxySettings } from "@/lib/net/proxy";
import { parseRemoteUrl, type RemoteUrl } from "../transport/remote-url";
import type { SshOptions } from "../transport/ssh/connection";
import type { RemoteTimeouts } from "@/lib/net/deadlines";
import type { GitTransport } from "../transport/transport";
import { reach, shakeHands } from "./reach";
import { type Finding, ok, skipped, Steps, warning } from "./steps";

export interface ConnectionParts {
  egress: EgressPolicy;
  proxy: ProxySettings | undefined;
  extraCa: string | undefined;
  timeouts: RemoteTimeouts;
  limits: GitLimits;
  signal: AbortSignal;
  /** A transport of its own for the test, told of the SSH server's key. */
  transport(onHostKey: SshOptions["onHostKey"]): GitTransport;
}

/**
 * Tries every step of using a repository, without changing anything in it. Problems with the repository are lines of
 * the answer; only the signal's reason is thrown.
 */
export async function testConnection(
  repository: Repository,
  parts: ConnectionParts,
): Promise<ConnectionStep[]> {
  const steps = new Steps();
  if (repository.type === "filesystem") return testDirectory(repository, steps);
  let remote: RemoteUrl | undefined;
  await steps.run("reach", () => {
    remote = parseRemoteUrl(repository.url);
    return reachStep(remote, repository, parts);
  });
  if (remote?.kind === "ssh") await testSsh(repository, steps, parts);
  else if (remote?.kind === "file") await testVolume(remote.path, repository, steps, parts);
  else await testHttp(remote?.url, repository, steps, parts);
  return steps.lines;
}

async function reachStep(
  remote: RemoteUrl,
  repository: Repository,
  parts: ConnectionParts,
): Promise<Finding> {
  if (remote.kind === "file") {
    await directory(remote.path);
    return ok(`${remote.path} is there.`);
  }
  const { finding } = await reach(targetOf(remote, repository), reachable(remote, parts));
  return finding;
}

function targetOf(remote: Exclude<RemoteUrl, { kind: "file" }>, repository: Repository) {
  const trusted = repository.scope === "platform";
  if (remote.kind === "ssh")
    return { host: remote.address.host, port: remote.address.port, trusted, ssh: true };
  const { hostname, port, protocol } = remote.url;
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port) || (protocol === "https:" ? 443 : 80),
    trusted,
  };
}

function reachable(remote: RemoteUrl, { egress, proxy, timeouts, signal }: ConnectionParts) {
  const isProxied = remote.kind === "http" && remote.url.protocol === "https:";
  return { egress, proxy: isProxied ? proxy : undefined, connectMs: timeouts.connectMs, signal };
}

async function testHttp(
  url: URL | undefined,
  repository: Repository,
  steps: Steps,
  parts: ConnectionParts,
): Promise<void> {
  await steps.run("tls", async () => {
    if (!url) return skipped("There is no host to connect to.");
    if (url.protocol !== "https:") {
      return warning(
        "The connection is not encrypted: anyone on the network path can read the credentials and the content.",
        "Use the repository's https address.",
      );
    }
    const remote: RemoteUrl = { kind: "http", url };
    const { peer } = await reach(targetOf(remote, repository), reachable(remote, parts));
    return shakeHands(peer, { ca: repository.ca, extraCa: parts.extraCa }, reachable(remote, parts));
  });
  await testGit(() => parts.transport(undefined), repository, steps, parts);
}

async function testSsh(repository: Repository, steps: Steps, parts: ConnectionParts): Promise<void> {
  let finding: Finding | undefined;
  const transport = parts.transport(({ type, fingerprint, isNew }) => {
    finding = ok(
      isNew
        ? `The host key is ${fingerprint} (${type}), seen for the first time and pinned from now on.`
        : `The host key is ${fingerprint} (${type}), the one that is pinned.`,
    );
  });
  // Both are found in one conversation: the key comes first, then the server's word about the credentials.
  const conversation = conversationOf(transport, parts);
  const answer = steps.hasFailed ? null : await settledRefs(conversation);
  await steps.run("hostKey", () => {
    if (finding) return finding;
    // A key of ours that cannot be read is no matter of the server's.
    if (answer && "error" in answer) {
      if (answer.error instanceof AppError && answer.error.details?.reason === "key") {
        return skipped("Not checked, because there is no key to sign in with.");
      }
      throw answer.error;
    }
    throw new AppError("RemoteUnreachable", "The server did not present a host key. Check its log.");
  });
  await testGit(() => transport, repository, steps, parts, answer);
}

type Answer = { refs: Map<string, AdvertisedRef> } | { error: unknown };

async function settledRefs(conversation: Conversation): Promise<Answer> {
  try {
    return { refs: await conversation.refs([`refs/heads/`]) };
  } catch (error) {
    return { error };
  }
}

function conversationOf(transport: GitTransport, { limits }: ConnectionParts): Conversation {
  return new Conversation(transport, { upload: undefined }, { refs: limits.refs, bytes: limits.refBytes });
}

/** Credentials, branch and write access, as the server itself judges them. */
async function testGit(
  open: () => GitTransport,
  repository: Repository,
  steps: Steps,
  parts: ConnectionParts,
  known?: Answer | null,
): Promise<void> {
  let refs = new Map<string, AdvertisedRef>();
  let transport: GitTransport | undefined;
  try {
    await steps.run("credentials", async () => {
      transport = open();
      const answer = known ?? (await settledRefs(conversationOf(transport, parts)));
      if ("error" in answer) throw answer.error;
      refs = answer.refs;
      return transport.movedTo === undefined
        ? ok(signedIn(repository))
        : moved(repository, transport.movedTo);
    });
    await steps.run("branch", () => branchStep(refs, repository));
    await steps.run("write", async () => {
      if (repository.mode === "read-only")
        return skipped("The repository is read-only here: nothing is pushed.");
      const tip = refs.get(`refs/heads/${repository.branch}`)?.oid;
      return testWriting(transport ?? open(), {
        branch: repository.branch,
        commit: tip ?? [...refs.values()][0]?.oid ?? null,
        exists: tip !== undefined,
        maxBytes: parts.limits.refBytes,
      });
    });
  } finally {
    transport?.close();
  }
}

function signedIn({ auth }: Repository): string {
  switch (auth.kind) {
    case "none":
      return "The repository is read without credentials.";
    case "password":
      return `The repository is read as ${auth.user}.`;
    case "sshkey":
      return "The repository is read with the SSH key.";
  }
}

/** The server still answers under the old address, until somebody else takes it. */
function moved(repository: Repository, url: string): Finding {
  const setting =
    repository.scope === "platform" ? `WORKSPACES_STORAGE_GIT_PLATFORM_${repository.id}_URL` : "its URL";
  return {
    ...warning(
      `${signedIn(repository)} It has moved to ${url}.`,
      `Set ${setting} to the new address: the old one may stop working.`,
    ),
    url,
  };
}

function branchStep(refs: ReadonlyMap<string, AdvertisedRef>, { branch, mode }: Repository): Finding {
  const found = refs.get(`refs/heads/${branch}`);
  if (found) return ok(`The branch ${branch} is at ${found.oid.slice(0, 10)}.`);
  const others = [...refs.keys()].map((name) => name.slice("refs/heads/".length));
  const list = others.filter((name) => !name.startsWith("prismeai/")).slice(0, 5);
  const known = list.length === 0 ? "The repository is empty" : `There are ${list.join(", ")}`;
  if (mode === "read-only") {
    throw new AppError(
      "RemoteNotFound",
      `There is no branch ${branch}. ${known}: check the repository's branch.`,
    );
  }
  return warning(`There is no branch ${branch} yet.`, `${known}. The first push creates it.`);
}

async function testVolume(
  path: string,
  repository: Repository,
  steps: Steps,
  parts: ConnectionParts,
): Promise<void> {
  await steps.run("tls", () => skipped("The repository is on the server's own disk."));
  await testGit(() => parts.transport(undefined), repository, steps, parts);
  const last = steps.lines.at(-1);
  if (!last || last.status === "skipped" || repository.mode === "read-only") return;
  // Git itself looks at the permissions only when it writes.
  const objects = (await isDirectory(join(path, "objects")))
    ? join(path, "objects")
    : join(path, ".git", "objects");
  if (await isWritable(objects)) return;
  last.status = "failed";
  last.message = `The server cannot write to ${objects}.`;
  last.cure =
    "Give the user that runs Switchyard permission to write there, or make the repository read-only.";
}

async function testDirectory(repository: Repository, steps: Steps): Promise<ConnectionStep[]> {
  await steps.run("reach", async () => {
    await directory(repository.dirpath);
    return ok(`${repository.dirpath} exists and can be read.`);
  });
  await steps.run("tls", () => skipped("The workspaces are on the server's own disk."));
  await steps.run("credentials", () => skipped("A directory needs none."));
  await steps.run("branch", async () => {
    const checkout = await readCheckout(await realpath(repository.dirpath));
    if (checkout.kind === "commit") return ok(`Git has it at ${nameOfCommit(checkout.commit)}`);
    return skipped(checkout.kind === "unknown" ? checkout.reason : "A directory has no branches.");
  });
  await steps.run("write", () => skipped("A directory is read-only: nothing is pushed."));
  return steps.lines;
}

async function directory(path: string): Promise<void> {
  if (!(await isDirectory(path))) {
    throw new AppError(
      "RemoteNotFound",
      `The directory ${path} does not exist or cannot be read. Check the path, that the volume is mounted, and its permissions.`,
    );
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK);
    return (await stat(path)).isDirectory();
  } catch {
    // Whatever the reason, it cannot be used; the caller says what to check.
    return false;
  }
}

async function isWritable(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK);
    return true;
  } catch {
    // As above.
    return false;
  }
}
