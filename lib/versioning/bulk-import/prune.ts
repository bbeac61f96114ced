import { groupsOf } from "@/lib/domain/bulk";
import { AppError } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import { folderName } from "../folders/home";
import type { KnownFolder, Ports, WorkspaceRecord } from "../ports";
import { eventOf } from "../progress";
import type { BulkImportPlan } from "./plan";
import type { ImportLedger } from "./summary";

interface PruneInput {
  repository: Repository;
  groups?: string[] | undefined;
  dryRun: boolean;
}

/** Workspaces of the groups that were last imported from this repository and are not in it any more. */
async function gone(
  ports: Ports,
  input: PruneInput,
  plan: BulkImportPlan,
  folders: readonly KnownFolder[],
): Promise<WorkspaceRecord[]> {
  const kept = new Set(plan.items.flatMap(({ record }) => record?.id ?? []));
  // A folder may have another name than the slug, and another group than the import.
  for (const { workspaceId, directory } of folders)
    if (plan.names.has(folderName(directory))) kept.add(workspaceId);
  const all = await ports.workspaces.find({});
  return all.filter(({ id, slug, lastPull, labels }) => {
    if (kept.has(id) || plan.names.has(slug) || lastPull?.repositoryId !== input.repository.id) return false;
    return !input.groups || groupsOf(labels, ports.groups).some((group) => input.groups?.includes(group));
  });
}

async function remove(ports: Ports, record: WorkspaceRecord, repositoryId: string): Promise<void> {
  const { leases } = await ports.locks.acquire({
    workspaceIds: [record.id],
    purpose: "import",
    operationId: ports.journal.operationId,
    userId: ports.actor.userId,
  });
  const lease = leases.get(record.id);
  if (!lease) throw new AppError("WorkspaceLocked", `${record.slug} is locked and was not removed.`);
  const { id, name, slug } = record;
  const workspace = { id, name, slug };
  const payload = { ...workspace, workspace, prunedFrom: repositoryId };
  const events = [eventOf(ports, id, "workspaces.deleted", payload)];
  await ports.workspaces.delete(id, { lease, userId: ports.actor.userId, events });
}

/** Deletes what the repository no longer holds; asked for with `prune` only. Local edits since the import keep it. */
export async function prune(
  ports: Ports,
  input: PruneInput,
  plan: BulkImportPlan,
  folders: readonly KnownFolder[],
  ledger: ImportLedger,
): Promise<void> {
  for (const record of await gone(ports, input, plan, folders)) {
    const reason = refusal(ports, record);
    if (reason) ledger.warn(record.slug, reason);
    else if (input.dryRun) ledger.pruned(record.id);
    else {
      try {
        await remove(ports, record, input.repository.id);
        ledger.pruned(record.id);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        ledger.warn(record.slug, error.message);
      }
    }
  }
}

function refusal(ports: Ports, record: WorkspaceRecord): string | null {
  if (!ports.actor.may("update", record.id))
    return "It is gone from the repository, but you do not have permission to remove it.";
  if (record.dirty) return "It is gone from the repository, but has been edited here since, so it was kept.";
  return null;
}
