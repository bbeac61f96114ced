import { NATIVE_REPOSITORY_ID, type Repository } from "@/lib/domain/repository";
import type { Overwrite } from "@/lib/versioning/meeting";
import { pull } from "@/lib/versioning/pull";
import { push } from "@/lib/versioning/push";
import { refuseTargetName } from "@/lib/versioning/push/names";
import { rollback } from "@/lib/versioning/rollback";
import { saveNativeVersion } from "@/lib/versioning/native-version";
import type { Engine } from "../engine";
import { resolveRepository } from "../repositories/resolve";
import type { Viewer } from "../viewer";
import { publicVersion, pullEnd, pushEnd } from "./endings";
import { nativeVersionName } from "./checks";
import { refuseSecretsInGit } from "./git-words";
import type { Started } from "../runner";

type StartEngine = Pick<Engine, "env" | "store" | "redactor" | "masterKey" | "runner">;

function wordsOf({ name, description }: { name?: string; description?: string }) {
  return { ...(name === undefined ? {} : { name }), ...(description === undefined ? {} : { description }) };
}

async function refuseSecretsOf(
  engine: StartEngine,
  viewer: Viewer,
  workspaceId: string,
  said: Readonly<Record<string, string | undefined>>,
  repository?: Repository,
): Promise<void> {
  const workspace = await engine.store.workspaces.get(workspaceId);
  if (!workspace) return;
  await refuseSecretsInGit(engine, {
    viewer,
    workspaces: [workspace],
    said,
    ...(repository ? { repository } : {}),
  });
}

/** Starts the push of a workspace to a git repository. Result: {version, unchanged}. */
export async function startPush(
  engine: StartEngine,
  viewer: Viewer,
  workspaceId: string,
  input: { repositoryId: string; name?: string; description?: string } & Overwrite,
): Promise<Started> {
  if (input.repositoryId === NATIVE_REPOSITORY_ID)
    return startNativeVersion(engine, viewer, workspaceId, input);
  const repository = await resolveRepository(engine, workspaceId, input.repositoryId, "push", viewer);
  refuseTargetName(repository, input.name);
  const words = wordsOf(input);
  await refuseSecretsOf(engine, viewer, workspaceId, words, repository);
  const { putBack = false, startOver = false } = input;
  const overwrite = { ...(putBack ? { putBack } : {}), ...(startOver ? { startOver } : {}) };
  return engine.runner.start(viewer, {
    kind: "push",
    workspaceId,
    repository,
    input: { repositoryId: input.repositoryId, ...words, ...overwrite },
    purpose: "push",
    // Writing over what is there settles a conflict with it.
    overConflict: putBack || startOver,
    work: async (ports, lease) => {
      return pushEnd(await push(ports, { lease, repository, ...words, overwrite }));
    },
  });
}

/** Saves a version in the platform's own storage. Result: {version}. */
export async function startNativeVersion(
  engine: StartEngine,
  viewer: Viewer,
  workspaceId: string,
  input: { name?: string; description?: string },
): Promise<Started> {
  const words = wordsOf(input);
  await refuseSecretsOf(engine, viewer, workspaceId, words);
  return engine.runner.start(viewer, {
    kind: "push",
    workspaceId,
    repositoryId: NATIVE_REPOSITORY_ID,
    input: { repositoryId: NATIVE_REPOSITORY_ID, ...words },
    purpose: "push",
    work: async (ports, lease) => {
      const version = await saveNativeVersion(ports, { lease, ...words });
      return { outcome: "succeeded", result: { version: publicVersion(version) }, errors: [] };
    },
  });
}

/** Starts a pull of `latest`, a version's name or a commit id; without `repositoryId` from the native repository. */
export async function startPull(
  engine: StartEngine,
  viewer: Viewer,
  workspaceId: string,
  input: {
    repositoryId?: string;
    versionId: string;
    discardLocalChanges?: boolean;
    otherWorkspaceId?: string;
  },
): Promise<Started> {
  const { versionId, discardLocalChanges = false, otherWorkspaceId } = input;
  const { repositoryId = NATIVE_REPOSITORY_ID } = input;
  if (repositoryId === NATIVE_REPOSITORY_ID) {
    const version = await nativeVersionName(engine, workspaceId, versionId);
    return engine.runner.start(viewer, {
      kind: "pull",
      workspaceId,
      repositoryId: NATIVE_REPOSITORY_ID,
      input: { ...input },
      purpose: "pull",
      work: async (ports, lease) =>
        pullEnd(await rollback(ports, { lease, repository: null, version, asPull: true })),
    });
  }
  const repository = await resolveRepository(engine, workspaceId, repositoryId, "pull", viewer);
  // A pull saves the workspace's state first, in a commit of its own.
  await refuseSecretsOf(engine, viewer, workspaceId, {}, repository);
  return engine.runner.start(viewer, {
    kind: "pull",
    workspaceId,
    repository,
    input: { ...input },
    purpose: "pull",
    overConflict: true,
    work: async (ports, lease) =>
      pullEnd(await pull(ports, { lease, repository, versionId, discardLocalChanges, otherWorkspaceId })),
  });
}

/** Starts the return to an earlier version; without `repositoryId` to one of the native repository. */
export async function startRollback(
  engine: StartEngine,
  viewer: Viewer,
  workspaceId: string,
  input: { repositoryId?: string; version: string; reason?: string; otherWorkspaceId?: string },
): Promise<Started> {
  const { repositoryId = NATIVE_REPOSITORY_ID, version, reason, otherWorkspaceId } = input;
  const repository =
    repositoryId === NATIVE_REPOSITORY_ID
      ? null
      : await resolveRepository(engine, workspaceId, repositoryId, "pull", viewer);
  await refuseSecretsOf(engine, viewer, workspaceId, { reason }, repository ?? undefined);
  return engine.runner.start(viewer, {
    kind: "rollback",
    workspaceId,
    ...(repository ? { repository } : { repositoryId: NATIVE_REPOSITORY_ID }),
    input: { ...input },
    purpose: "rollback",
    work: async (ports, lease) =>
      pullEnd(
        await rollback(ports, {
          lease,
          repository,
          version,
          otherWorkspaceId,
          ...(reason === undefined ? {} : { reason }),
        }),
      ),
  });
}
