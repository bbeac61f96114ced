import { z } from "zod";
import type { WatchQuery } from "@/lib/contract/endpoint/query";
import { PullResult } from "@/lib/domain/wire/api";
import { type Operation } from "@/lib/domain/operation";
import { NATIVE_REPOSITORY_ID } from "@/lib/domain/repository";
import { Version, type CreateVersion, type PullRequest, type RollbackRequest } from "@/lib/domain/version";
import type { Engine } from "@/lib/server/engine";
import { startNativeVersion, startPull, startPush, startRollback } from "@/lib/server/operations/start";
import type { Viewer } from "@/lib/server/viewer";
import { summarizeOne } from "@/lib/server/workspaces/summary";
import { watch } from "../watch";

/** What the routes of pushes, pulls and rollbacks have in common. */
export interface VersioningContext<B> {
  engine: Engine;
  request: Request;
  viewer: Viewer;
  query: WatchQuery;
  correlationId: string;
  body: B;
}

// Checked again when it leaves: the result was stored as JSON.
const PushEnd = z.object({ version: Version, unchanged: z.boolean().optional() });

/** Starts a push, or saves a native version when no repository is named, and answers for it. */
export async function answerPush(context: VersioningContext<CreateVersion>, workspaceId: string) {
  const { engine, viewer, body } = context;
  const { repository, name, description, putBack, startOver } = body;
  const input = {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
  const started =
    repository === undefined || repository.id === NATIVE_REPOSITORY_ID
      ? await startNativeVersion(engine, viewer, workspaceId, input)
      : await startPush(engine, viewer, workspaceId, {
          repositoryId: repository.id,
          ...input,
          ...(putBack ? { putBack } : {}),
          ...(startOver ? { startOver } : {}),
        });
  return watch(context, started, (operation) => {
    const { version, unchanged } = PushEnd.parse(operation.result);
    return {
      ...version,
      ...(unchanged === undefined ? {} : { unchanged }),
      ...(operation.errors.length > 0 ? { errors: operation.errors } : {}),
    };
  });
}

async function pullResult(engine: Engine, { workspaceId, result }: Operation) {
  const workspace = await engine.store.workspaces.get(workspaceId);
  if (!workspace) throw new Error("A workspace was deleted between its pull and the answer.");
  return PullResult.parse({ ...result, workspace: await summarizeOne(engine, workspace) });
}

/** Starts a pull of `versionId` and answers for it. */
export async function answerPull(
  context: VersioningContext<PullRequest>,
  workspaceId: string,
  versionId: string,
) {
  const { engine, viewer, body } = context;
  const started = await startPull(engine, viewer, workspaceId, {
    versionId,
    ...(body.repository ? { repositoryId: body.repository.id } : {}),
    ...(body.discardLocalChanges === undefined ? {} : { discardLocalChanges: body.discardLocalChanges }),
    ...(body.otherWorkspaceId === undefined ? {} : { otherWorkspaceId: body.otherWorkspaceId }),
    ...(body.startOver ? { discardLocalChanges: true } : {}),
  });
  return watch(context, started, (operation) => pullResult(engine, operation));
}

/** Starts a rollback to `version` and answers for it. */
export async function answerRollback(
  context: VersioningContext<RollbackRequest>,
  workspaceId: string,
  version: string,
) {
  const { engine, viewer, body } = context;
  const started = await startRollback(engine, viewer, workspaceId, {
    version,
    ...(body.repository ? { repositoryId: body.repository.id } : {}),
    ...(body.reason === undefined ? {} : { reason: body.reason }),
    ...(body.otherWorkspaceId === undefined ? {} : { otherWorkspaceId: body.otherWorkspaceId }),
  });
  return watch(context, started, (operation) => pullResult(engine, operation));
}
