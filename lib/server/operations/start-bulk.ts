import type {
  BulkImportRequest,
  BulkImportSummary,
  BulkPushRequest,
  BulkPushSummary,
} from "@/lib/domain/bulk";
import type { Repository } from "@/lib/domain/repository";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import { bulkImport } from "@/lib/versioning/bulk-import";
import { bulkPush } from "@/lib/versioning/bulk-push";
import { refuseTargetName } from "@/lib/versioning/push/names";
import type { Engine } from "../engine";
import { platformRepository } from "../repositories/resolve";
import type { Viewer } from "../viewer";
import { knownGroups, workspacesToPush } from "./checks";
import { bulkImportEnd, bulkPushEnd } from "./endings";
import { refuseSecretsInGit } from "./git-words";
import type { Started } from "../runner";

type StartEngine = Pick<Engine, "env" | "store" | "redactor" | "masterKey" | "runner">;

/** Whether a request on the platform workspace means a bulk operation: `groups` are named, or a platform repository. */
export function isBulkRequest(
  engine: StartEngine,
  body: { groups?: unknown; repository?: { id: string } | undefined },
): boolean {
  if (body.groups !== undefined) return true;
  return engine.env.platformRepositories.some(({ id }) => id === body.repository?.id);
}

async function checkedPush(
  engine: StartEngine,
  viewer: Viewer,
  request: BulkPushRequest,
): Promise<{ repository: Repository; groups: string[] }> {
  const groups = knownGroups(engine, request.groups);
  const repository = platformRepository(engine, request.repository?.id, "push");
  refuseTargetName(repository, request.name);
  const workspaces = await workspacesToPush(engine, viewer, groups);
  const platform = await engine.store.workspaces.get(PLATFORM_WORKSPACE_ID);
  const { name, description } = request;
  await refuseSecretsInGit(engine, {
    viewer,
    workspaces: platform ? [platform, ...workspaces] : workspaces,
    repository,
    said: { name, description },
  });
  return { repository, groups };
}

function pushInput({ name, description, force = false, putBack }: BulkPushRequest) {
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    force,
    ...(putBack ? { putBack } : {}),
  };
}

/** Starts the push of every workspace of the groups. Throws NotFound with the known groups or repositories. */
export async function startBulkPush(
  engine: StartEngine,
  viewer: Viewer,
  request: BulkPushRequest,
  retryOf: string[] = [],
): Promise<Started> {
  const { repository, groups } = await checkedPush(engine, viewer, request);
  const input = { groups, ...pushInput(request), ...(retryOf.length > 0 ? { retryOf } : {}) };
  return engine.runner.start(viewer, {
    kind: "bulkPush",
    workspaceId: PLATFORM_WORKSPACE_ID,
    repository,
    input: { repositoryId: repository.id, ...input },
    purpose: "bulk",
    work: async (ports, lease) =>
      bulkPushEnd(await bulkPush(ports, { lease, repository, ...input, dryRun: false })),
  });
}

/** What a bulk push would do, without a lock and without writing anything. */
export async function planBulkPush(
  engine: StartEngine,
  viewer: Viewer,
  request: BulkPushRequest,
): Promise<BulkPushSummary> {
  const { repository, groups } = await checkedPush(engine, viewer, request);
  const ports = await engine.runner.readOnlyPorts(viewer, repository);
  const input = pushInput(request);
  return bulkPush(ports, { lease: null, repository, groups, ...input, dryRun: true });
}

function checkedImport(engine: StartEngine, request: BulkImportRequest) {
  const groups = request.groups === undefined ? undefined : knownGroups(engine, request.groups);
  return {
    repository: platformRepository(engine, request.repository?.id, "pull"),
    input: {
      ...(groups === undefined ? {} : { groups }),
      forceReimport: request.forceReimport ?? false,
      prune: request.prune ?? false,
      ...(request.otherWorkspaceIds ? { otherWorkspaceIds: request.otherWorkspaceIds } : {}),
    },
  };
}

/** Starts the import of a platform repository's workspaces. Throws NotFound with what is known. */
export async function startBulkImport(
  engine: StartEngine,
  viewer: Viewer,
  request: BulkImportRequest,
): Promise<Started> {
  const { repository, input } = checkedImport(engine, request);
  return engine.runner.start(viewer, {
    kind: "bulkImport",
    workspaceId: PLATFORM_WORKSPACE_ID,
    repository,
    input: { repositoryId: repository.id, ...input },
    purpose: "bulk",
    work: async (ports, lease) =>
      bulkImportEnd(await bulkImport(ports, { lease, repository, ...input, dryRun: false })),
  });
}

/** What a bulk import would do, without a lock and without writing anything. */
export async function planBulkImport(
  engine: StartEngine,
  viewer: Viewer,
  request: BulkImportRequest,
): Promise<BulkImportSummary> {
  const { repository, input } = checkedImport(engine, request);
  const ports = await engine.runner.readOnlyPorts(viewer, repository);
  return bulkImport(ports, { lease: null, repository, ...input, dryRun: true });
}
