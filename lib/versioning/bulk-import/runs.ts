import { AppError } from "@/lib/domain/error";
import type { Created } from "../pull/create-imported";
import { entriesOf } from "./discover";
import { importedAs, importOne, planNew } from "./import-one";
import type { ImportContext } from "./import-one";
import type { PlannedImport } from "./plan";
import type { ProgressReport } from "./progress-report";
import type { ImportLedger } from "./summary";

/** New workspaces that are created in one transaction, and the files they may have together. */
const NEW_AT_ONCE = 20;
const FILES_AT_ONCE = 600;

/** Cuts the plan into runs: workspaces that follow each other and are all new, or one of any other kind. */
export function runsOf(items: readonly PlannedImport[]): PlannedImport[][] {
  const runs: PlannedImport[][] = [];
  let files = 0;
  for (const item of items) {
    const size = item.status === "skip" ? 0 : entriesOf(item.source).length;
    const last = runs.at(-1);
    const fits =
      last !== undefined &&
      last.length < NEW_AT_ONCE &&
      files + size <= FILES_AT_ONCE &&
      last[0]?.status === "create" &&
      item.status === "create";
    if (fits) last.push(item);
    else runs.push([item]);
    files = fits ? files + size : size;
  }
  return runs;
}

/** Imports a run; what becomes of each workspace ends in the ledger and in the report. */
export async function importRun(
  context: ImportContext,
  run: readonly PlannedImport[],
  ledger: ImportLedger,
  report: ProgressReport,
): Promise<void> {
  if (run.length > 1) {
    const began = now(context);
    const created = await createTogether(context, run);
    if (created) {
      const duration = Math.round((now(context) - began) / run.length);
      await report.add(created.map(({ item, made }) => ledger.imported(item, importedAs(made), duration)));
      return;
    }
  }
  for (const item of run) {
    context.ports.signal.throwIfAborted();
    await report.add([await importAlone(context, item, ledger)]);
  }
}

/** Creates all of the run at once; null, with nothing written, when one of them cannot be created like that. */
async function createTogether(
  context: ImportContext,
  run: readonly PlannedImport[],
): Promise<{ item: PlannedImport; made: Created }[] | null> {
  try {
    const planned: { item: PlannedImport; made: Created }[] = [];
    for (const item of run) planned.push({ item, made: await planNew(context, item) });
    await context.ports.workspaces.createAll(planned.map(({ made }) => made.workspace));
    return planned;
  } catch (error) {
    if (context.ports.signal.aborted || !(error instanceof AppError)) throw error;
    return null;
  }
}

async function importAlone(context: ImportContext, item: PlannedImport, ledger: ImportLedger) {
  if (item.status === "skip") return ledger.skipped(item);
  const began = now(context);
  try {
    return ledger.imported(item, await importOne(context, item), now(context) - began);
  } catch (error) {
    if (context.ports.signal.aborted || !(error instanceof AppError)) throw error;
    return ledger.failed(item, error, now(context) - began);
  }
}

function now({ ports }: ImportContext): number {
  return ports.clock().getTime();
}
