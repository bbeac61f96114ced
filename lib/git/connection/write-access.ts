import { AppError } from "@/lib/domain/error";
import { intermediateBranch } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import { type PackInput, writePack } from "../pack/pack-writer";
import { type PushCommand, type PushReport, readPushFeatures, sendPack } from "../protocol/receive-pack";
import type { GitTransport } from "../transport/transport";
import { type Finding, ok } from "./steps";

const REFUSED = /hook|declin|den[iy]|hidden|protect|prohibit|not allowed|permission|forbid|checked out/i;

interface WriteTest {
  branch: string;
  /** A commit that the server has: what the target branch holds, or any other; null in an empty repository. */
  commit: Oid | null;
  /** Whether the target branch is there. */
  exists: boolean;
  maxBytes: number;
}

/**
 * Asks for changes that the server's hooks and rules judge, but that can never be made: a branch that is there is to be
 * created, and one that is not there to be moved from a commit to the same commit. Throws what keeps pushes away.
 */
export async function testWriting(transport: GitTransport, test: WriteTest): Promise<Finding> {
  const { branch, commit, exists, maxBytes } = test;
  const features = await readPushFeatures(transport, maxBytes);
  const way = features.atomic ? "" : ", one ref after the other (the server has no atomic push)";
  if (commit === null || !features.reportStatus) {
    return ok(`Pushes are accepted${way}. Whether hooks accept them shows with the first push.`);
  }
  const target = `refs/heads/${branch}`;
  const intermediate = `refs/heads/${intermediateBranch("connection-test", branch)}`;
  const commands: PushCommand[] = [
    { ref: target, old: exists ? null : commit, next: commit },
    { ref: intermediate, old: commit, next: commit },
  ];
  // Each branch is to be judged by itself.
  const { chunks } = await writePack(nothing(), { ofsDelta: false, readerHas: () => true });
  const report = await sendPack(transport, commands, chunks, { ...features, atomic: false }, maxBytes);
  if (report.unpackError !== null) {
    throw new AppError(
      "RemoteUnreachable",
      `The server cannot store what is pushed (${report.unpackError}). Check the permissions and the free space of the repository there.`,
    );
  }
  refuse(report, target, `Let this account push to ${branch} (branch protection, hooks)`);
  refuse(report, intermediate, "Let this account push to the branches below prismeai/");
  return ok(`Pushes are accepted${way}.`);
}

function refuse({ results, messages }: PushReport, ref: string, cure: string): void {
  const reason = results.get(ref) ?? "";
  if (!REFUSED.test(reason)) return;
  // What git says of the changes that could not be made is no news.
  const words = messages.split("\n").filter((line) => !/^error: (cannot lock ref|hook declined)/.test(line));
  const said = [reason, words.join(" ")].filter((part) => part !== "").join(": ");
  throw new AppError(
    "RemoteAuthFailed",
    `The server refuses pushes to ${ref.slice("refs/heads/".length)} (${said}). ${cure}, or make the repository read-only.`,
  );
}

async function* nothing(): AsyncGenerator<Iterable<PackInput>, void, undefined> {
  // All objects are there already.
}
