import { mapInSlices } from "@/lib/runtime/pace";
import { groupsOf } from "@/lib/domain/bulk";
import { OPERATIONS } from "@/lib/domain/operation/kinds";
import type { BulkImportSummary } from "@/lib/domain/bulk";
import { AppError } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import type { Oid } from "@/lib/domain/workspace";
import type { Lease, Ports, RepositorySession, UnconfirmedAttempt } from "../ports";
import { eventOf } from "../progress";
import { refsOfAttempts, settleLate } from "../push/late";
import { blobReader } from "../pull/plan-import";
import { entriesOf, readEntries } from "./discover";
import { Renames } from "./matching/renames";
import { planBulkImport } from "./plan";
import type { BulkImportPlan, PlannedImport } from "./plan";
import { ProgressReport } from "./progress-report";
import { prune } from "./prune";
import { importRun, runsOf } from "./runs";
import { ImportLedger } from "./summary";

/** Files whose content is fetched in one request: bounds both memory and the number of requests. */
const FILES_AT_ONCE = 4000;

export interface BulkImportInput {
  /** The platform workspace's lease; null for a dry run, which changes nothing. */
  lease: Lease | null;
  repository: Repository;
  /** None: every workspace of the repository. */
  groups?: string[] | undefined;
  forceReimport: boolean;
  dryRun: boolean;
  /** Delete workspaces that came from this repository and are gone from it. */
  prune: boolean;
  /** Ids of other workspaces that may replace those here whose folders they took over. */
  otherWorkspaceIds?: readonly string[] | undefined;
}

function refuseWriteOnly(repository: Repository): void {
  if (repository.mode !== "write-only") return;
  throw new AppError(
    "RepositoryModeMismatch",
    `The repository ${repository.name} is write-only. Import from another one, or change its mode.`,
    { repositoryId: repository.id, mode: repository.mode },
  );
}

/**
 * Imports a platform repository's workspaces, each after those it depends on. One that fails is named in the summary
 * and does not stop the rest. Throws only when nothing could be started: NotFound, PermissionDenied,
 * RepositoryModeMismatch, or what the remote's failure is called.
 */
export async function bulkImport(ports: Ports, input: BulkImportInput): Promise<BulkImportSummary> {
  refuseWriteOnly(input.repository);
  const begin = ports.clock().getTime();
  const folders = await ports.workspaces.knownFolders(input.repository.id);
  const attempts = input.dryRun ? [] : await ports.journal.unconfirmed(input.repository.id);
  const session = await ports.repositories.open(input.repository, {
    isMostlyKnown: folders.length > 0,
    objects: ports.workspaces,
    signal: ports.signal,
    refs: [`refs/heads/${input.repository.branch}`, "refs/heads/prismeai/", ...refsOfAttempts(attempts)],
  });
  try {
    await recordLate(ports, session, attempts);
    const plan = await planBulkImport(ports, session, {
      groups: input.groups,
      forceReimport: input.forceReimport,
      folders,
      otherWorkspaceIds: input.otherWorkspaceIds ?? [],
    });
    const ledger = new ImportLedger(begin, {
      repositoryId: input.repository.id,
      groups: input.groups ?? [],
      dryRun: input.dryRun,
    });
    await ledger.plan(plan);
    if (input.dryRun) {
      for (const item of plan.items) if (item.refused) ledger.failed(item, item.refused, 0);
      if (input.prune) await prune(ports, input, plan, folders, ledger);
      return ledger.finish(ports.clock().getTime());
    }
    await emitStarted(ports, input, plan);
    await readEntries(
      session,
      plan.items.flatMap(({ status, source }) => (status === "skip" ? [] : source)),
    );
    await importAll(ports, session, input, plan, ledger);
    if (input.prune) await prune(ports, input, plan, folders, ledger);
    const summary = ledger.finish(ports.clock().getTime());
    await ports.journal.emit([
      eventOf(ports, PLATFORM_WORKSPACE_ID, OPERATIONS.bulkImport.events.completed, summary),
    ]);
    return summary;
  } finally {
    await session.close();
  }
}

/** Before anything is compared with the last meeting: a push of ours that arrived since was one. */
async function recordLate(
  ports: Ports,
  session: RepositorySession,
  attempts: readonly UnconfirmedAttempt[],
): Promise<void> {
  const ids = attempts.flatMap(({ attempt }) => attempt.workspaces.map(({ workspaceId }) => workspaceId));
  if (ids.length === 0) return;
  const there = (await ports.workspaces.find({ ids: [...new Set(ids)] })).map(({ id }) => id);
  const states = await ports.workspaces.states(session.repository.id, there);
  await settleLate(ports, session, { attempts, ids: there, states });
}

async function emitStarted(ports: Ports, input: BulkImportInput, plan: BulkImportPlan): Promise<void> {
  await ports.journal.emit([
    eventOf(ports, PLATFORM_WORKSPACE_ID, OPERATIONS.bulkImport.events.started, {
      repositoryId: input.repository.id,
      groups: input.groups ?? [],
      cycles: plan.cycles,
      warnings: plan.warnings,
      workspaces: await mapInSlices(plan.items, ({ source, record, status, reason }) => ({
        slug: source.slug,
        workspaceId: record?.id ?? source.manifest?.workspaceId ?? "",
        name: record?.name ?? source.manifest?.app?.name ?? source.slug,
        ...(record && record.slug !== source.slug ? { importedAs: record.slug } : {}),
        groups: source.manifest?.groups ?? groupsOf(record?.labels ?? [], ports.groups),
        status,
        ...(reason ? { reason } : {}),
      })),
    }),
  ]);
}

/** Cuts the plan into runs whose files are fetched together. */
function batches(items: readonly PlannedImport[]): PlannedImport[][] {
  const result: PlannedImport[][] = [];
  let files = Infinity;
  for (const item of items) {
    const size = item.status === "skip" ? 0 : entriesOf(item.source).length;
    if (files + size > FILES_AT_ONCE) {
      result.push([]);
      files = 0;
    }
    files += size;
    result.at(-1)?.push(item);
  }
  return result;
}

/** Fetches what the workspaces of one run will need and do not have. */
async function prefetch(
  ports: Ports,
  session: RepositorySession,
  items: readonly PlannedImport[],
): Promise<Map<Oid, Uint8Array>> {
  const active = items.filter(({ status }) => status !== "skip");
  const present = await ports.workspaces.files(active.flatMap(({ record }) => record?.id ?? []));
  const held = new Set([...present.values()].flat().map(({ oid }) => oid));
  const wanted = active.flatMap(({ source }) =>
    entriesOf(source)
      .filter(({ mode, oid }) => mode.startsWith("100") && !held.has(oid))
      .map(({ oid }) => oid),
  );
  return session.blobs([...new Set(wanted)]);
}

async function importAll(
  ports: Ports,
  session: RepositorySession,
  input: BulkImportInput,
  plan: BulkImportPlan,
  ledger: ImportLedger,
): Promise<void> {
  const renames = new Renames(ports, session, plan.items);
  const report = new ProgressReport(ports, input.repository.id, plan.items.length);
  for (const batch of batches(plan.items)) {
    const fetched = await prefetch(ports, session, batch);
    const stored = blobReader(ports, (oids) => session.blobs(oids));
    const readBlobs = async (oids: readonly Oid[]) => {
      const missing = oids.filter((oid) => !fetched.has(oid));
      const rest = missing.length > 0 ? await stored(missing) : new Map<Oid, Uint8Array>();
      return new Map(
        oids.flatMap((oid) => [[oid, fetched.get(oid) ?? rest.get(oid)] as const]).filter(isFound),
      );
    };
    const context = {
      ports,
      session,
      commit: plan.commit,
      readBlobs,
      reportAll: input.forceReimport,
      renames,
    };
    for (const run of runsOf(batch)) {
      ports.signal.throwIfAborted();
      await importRun(context, run, ledger, report);
    }
  }
  await report.flush();
  for (const { item, workspaceId, error } of await renames.settle())
    ledger.complain(item, workspaceId, error);
}

function isFound(pair: readonly [Oid, Uint8Array | undefined]): pair is readonly [Oid, Uint8Array] {
  return pair[1] !== undefined;
}
