import { z } from "zod";
import { AppError } from "@/lib/domain/error";
import type { OperationKind } from "@/lib/domain/operation";
import { OPERATIONS } from "@/lib/domain/operation/kinds";
import type { Repository } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import type { UnfinishedOperation } from "@/lib/store/contract";
import type { Ports, PreparedPush } from "@/lib/versioning/ports";
import { isTagged } from "@/lib/versioning/recover";
import type { Engine } from "../../engine";
import { resolveRepository } from "../../repositories/resolve";
import type { OperationEnd } from "../../runner";
import type { EndedOperation } from "../completed";
import { bulkPushEnd, publicVersion } from "../endings";
import { endByError, summaryOf } from "../live-operation";

export type RecoveryEngine = Pick<
  Engine,
  "env" | "store" | "repositories" | "log" | "redactor" | "masterKey" | "instanceId"
>;

/** The repository that an operation works with; null when it is not there any more. */
export async function repositoryOf(
  engine: RecoveryEngine,
  operation: UnfinishedOperation,
  repositoryId: string,
): Promise<Repository | null> {
  const platform = engine.env.platformRepositories.find(({ id }) => id === repositoryId);
  if (platform) return platform;
  try {
    return await resolveRepository(engine, operation.workspaceId, repositoryId, "push");
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "Unavailable") throw error;
    engine.log.warn(
      { operationId: operation.id, repositoryId, problem: error.message },
      "The repository of an interrupted push is not there any more",
    );
    return null;
  }
}

/** The error of an operation whose process ended, or gave no sign for so long that it counts as ended. */
export function interruptedError(
  { takenBecause }: UnfinishedOperation,
  whatNow = "What it did before that is kept; start it again for the rest.",
): AppError {
  const what = {
    dead: "The server stopped while this operation ran.",
    silent: "The server process that ran this operation stopped responding, so the operation was ended.",
    left: "This operation's results could not be stored for a while, so it was ended.",
  }[takenBecause];
  return new AppError("Interrupted", `${what} ${whatNow}`);
}

const TagFacts = z.object({ ref: z.string(), next: z.string().transform((oid) => oid as Oid) });

interface Asking {
  engine: RecoveryEngine;
  operation: UnfinishedOperation;
  ports: Ports;
}

interface Settled extends Pick<Asking, "engine" | "operation"> {
  ended: EndedOperation;
  /** What the remote turned out to have. */
  pushed: readonly PreparedPush[];
  isWhole: boolean;
}

interface KindRecovery {
  /** Asks the remote, after every push was settled, whether nothing is missing. */
  isWhole: (asking: Asking) => Promise<boolean>;
  /** How the operation ends. */
  end: (settled: Settled) => Promise<OperationEnd>;
}

function endInterrupted({ engine, operation, ended }: Settled, whatNow?: string): Promise<OperationEnd> {
  return endByError(engine.store, ended, interruptedError(operation, whatNow));
}

/** A single push that the remote turned out to have is done, whatever became of the process that sent it. */
async function endOfPush(settled: Settled): Promise<OperationEnd> {
  const { operation, pushed } = settled;
  const version = pushed.find(({ workspaceId }) => workspaceId === operation.workspaceId)?.write
    .versions?.[0];
  if (!version) return endInterrupted(settled);
  return {
    outcome: "succeeded",
    result: { version: publicVersion(version), unchanged: false, recovered: true },
    errors: [],
  };
}

/** The tag comes last: a bulk push whose tag is there is whole. */
async function hasTag({ engine, operation, ports }: Asking): Promise<boolean> {
  if (operation.repositoryId === undefined) return false;
  const journal = await engine.store.operations.journal(operation.id);
  const facts = TagFacts.safeParse(journal.findLast(({ phase }) => phase === "tagging")?.facts);
  if (!facts.success) return false;
  const repository = await repositoryOf(engine, operation, operation.repositoryId);
  return repository !== null && isTagged(ports, repository, facts.data);
}

async function endOfBulkPush(settled: Settled): Promise<OperationEnd> {
  const { engine, ended, pushed, isWhole } = settled;
  if (isWhole)
    return bulkPushEnd(OPERATIONS.bulkPush.summary.parse(await summaryOf(engine.store, ended, [])));
  const whatNow =
    pushed.length > 0
      ? "What it pushed is kept, but its version has no tag yet, so nobody else can pull it. Retry the operation for the rest and the tag."
      : undefined;
  return endInterrupted(settled, whatNow);
}

const asksNothing = () => Promise.resolve(false);
// The remote cannot tell how far these came, so they are never called done.
const neverWhole: KindRecovery = { isWhole: asksNothing, end: (settled) => endInterrupted(settled) };

/** How each kind ends whose process died. */
export const RECOVERIES = {
  push: { isWhole: asksNothing, end: endOfPush },
  pull: neverWhole,
  import: neverWhole,
  rollback: neverWhole,
  bulkPush: { isWhole: hasTag, end: endOfBulkPush },
  bulkImport: neverWhole,
} satisfies Record<OperationKind, KindRecovery>;
