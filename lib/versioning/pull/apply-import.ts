import { automaticVersionName, type ImportError, type ImportWarning } from "@/lib/domain/version";
import { NATIVE_REPOSITORY_ID } from "@/lib/domain/repository";
import type { Repository } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import type { Snapshot } from "../contents";
import type { Lease, NewVersionRecord, Ports, RepositoryState, WorkspaceWrite } from "../ports";
import { eventOf } from "../progress";
import type { Steps } from "../progress";
import type { ImportPlan } from "./plan-import";
import { appFrom, settingsFrom } from "./settings";

/** Answer of a pull, an import or a rollback, as far as the use case knows it. */
export interface PullOutcome {
  imported: string[];
  deleted: string[];
  excluded: string[];
  errors: ImportError[];
  warnings: ImportWarning[];
  version: { name: string; repository: { id: string } };
  snapshot?: { name: string };
}

/** A version of the present state in the platform's own storage, kept before something replaces it. */
export function snapshotBefore(ports: Ports, snapshot: Snapshot, what: string): NewVersionRecord {
  const now = ports.clock();
  const suffix = ports.journal.operationId.replace(/[^A-Za-z0-9]/g, "").slice(0, 6);
  return {
    workspaceId: snapshot.record.id,
    name: `before.${automaticVersionName(now)}-${suffix}`,
    repositoryId: NATIVE_REPOSITORY_ID,
    kind: "snapshot",
    description: `Saved before ${what}`,
    tree: snapshot.record.tree,
    commit: undefined,
    createdAt: now.toISOString(),
    createdBy: ports.actor.userId,
    operationId: ports.journal.operationId,
  };
}

export interface ApplyInput {
  lease: Lease;
  repository: Pick<Repository, "id">;
  snapshot: Snapshot;
  plan: ImportPlan;
  /** The name that `lastPull` and the import result carry. */
  versionName: string;
  /** The new meeting point with the repository; absent where an import does not make one (a named version). */
  synced?: { state: RepositoryState; tree: Oid; objects: WorkspaceWriteObjects } | undefined;
  /** Kept because the import replaces what is here. */
  saved?: NewVersionRecord | undefined;
  recordPull: boolean;
  events: WorkspaceWrite["events"];
  steps: Steps;
}

type WorkspaceWriteObjects = NonNullable<WorkspaceWrite["contents"]>["objects"];

/** Writes the whole import in one transaction: content, settings, snapshot, records, events, and the lock's end. */
export async function applyImport(ports: Ports, input: ApplyInput): Promise<PullOutcome> {
  const { plan, snapshot, lease, repository } = input;
  const { settings, errors } = await settingsFrom(ports, snapshot.record, plan.index);
  const mayPublish = ports.actor.may("manage", lease.workspaceId);
  const app = await appFrom(ports, lease.workspaceId, snapshot.record.app, plan.manifest, mayPublish);
  const version = { name: input.versionName, repository: { id: repository.id } };
  const outcome: PullOutcome = {
    imported: plan.imported,
    deleted: plan.deleted,
    excluded: plan.excluded,
    errors: [...plan.errors, ...errors, ...app.errors],
    warnings: plan.warnings,
    version,
    ...(input.saved ? { snapshot: { name: input.saved.name } } : {}),
  };
  const objects = new Map([...plan.contents.objects, ...(input.synced?.objects ?? [])]);
  await ports.workspaces.write([
    {
      workspaceId: lease.workspaceId,
      guard: { lease },
      userId: ports.actor.userId,
      contents: { ...plan.contents, objects },
      settings,
      ...(input.recordPull
        ? {
            lastPull: {
              createdAt: ports.clock().toISOString(),
              createdBy: ports.actor.userId,
              version: input.versionName,
              repositoryId: repository.id,
            },
          }
        : {}),
      ...(input.synced ? { state: input.synced.state, syncedTree: input.synced.tree } : {}),
      ...(input.saved ? { versions: [input.saved] } : {}),
      ...(app.app ? { app: app.app } : {}),
      events: [
        ...input.events,
        ...app.events,
        importedEvent(ports, lease.workspaceId, outcome),
        input.steps.event("pull:import:done", importSummary(outcome)),
        input.steps.event("pull:done", `Version ${input.versionName} is here.`),
      ],
      lock: "release",
    },
  ]);
  return outcome;
}

function importSummary({ imported, deleted }: PullOutcome): string {
  if (imported.length + deleted.length === 0) return "Nothing to import";
  const files = imported.length === 1 ? "1 file" : `${String(imported.length)} files`;
  return `${files} imported, ${String(deleted.length)} deleted`;
}

export function importedEvent(ports: Ports, workspaceId: string, outcome: PullOutcome) {
  return eventOf(ports, workspaceId, "workspaces.imported", {
    // A stream of payloads tells of many workspaces.
    workspaceId,
    files: outcome.imported,
    deleted: outcome.deleted,
    ...(outcome.excluded.length > 0 ? { excluded: outcome.excluded } : {}),
    version: outcome.version,
    errors: outcome.errors,
    warnings: outcome.warnings,
  });
}

export function rollbackEvent(
  ports: Ports,
  workspaceId: string,
  facts: { version: PullOutcome["version"]; reason: string | undefined; snapshot: string },
) {
  return eventOf(ports, workspaceId, "workspaces.versions.rollback", {
    workspaceId,
    version: facts.version,
    ...(facts.reason ? { reason: facts.reason } : {}),
    snapshot: { name: facts.snapshot },
  });
}
