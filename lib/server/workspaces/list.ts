import { AppError } from "@/lib/domain/error";
import type { FleetCounts } from "@/lib/domain/wire/api";
import type { WorkspaceSummary } from "@/lib/domain/workspace";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { WorkspaceQuery } from "@/lib/store/contract";
import { readableWorkspaceIds } from "../access";
import type { Viewer } from "../viewer";
import { summarize, type ReadEngine } from "./summary";

export type WorkspaceFilters = Omit<WorkspaceQuery, "readable" | "createdBy"> & {
  owned?: boolean;
  /** Name of a group: its labels are a filter like `labels`. */
  group?: string;
};

function labelsOf(engine: ReadEngine, name: string): readonly string[] {
  const group = engine.env.groups.find((one) => one.name === name);
  if (group) return group.labels;
  const known = engine.env.groups.map((one) => one.name);
  throw new AppError("NotFound", `There is no group ${name}. Known: ${known.join(", ") || "none"}.`, {
    known,
  });
}

/** The workspaces the viewer may read that match every filter, as the store has them, one page of them. */
export async function listWorkspaceRecords(
  engine: ReadEngine,
  viewer: Viewer,
  { owned, group, ...query }: WorkspaceFilters,
): Promise<WorkspaceRecord[]> {
  const readable = await readableWorkspaceIds(engine, viewer);
  return engine.store.workspaces.list({
    ...query,
    ...(group ? { labels: labelsOf(engine, group) } : {}),
    ...(owned ? { createdBy: viewer.user.id } : {}),
    ...(readable ? { readable } : {}),
  });
}

/** The same as everyone outside sees them. */
export async function listWorkspaces(
  engine: ReadEngine,
  viewer: Viewer,
  filters: WorkspaceFilters,
): Promise<WorkspaceSummary[]> {
  return summarize(engine, await listWorkspaceRecords(engine, viewer, filters));
}

/** How many workspaces the viewer may read, and how many of them need attention. */
export async function fleetCounts(engine: ReadEngine, viewer: Viewer): Promise<FleetCounts> {
  return engine.store.workspaces.counts(await readableWorkspaceIds(engine, viewer));
}

/** Every label in use on workspaces the viewer may read. */
export async function listLabels(engine: ReadEngine, viewer: Viewer): Promise<string[]> {
  return engine.store.workspaces.labels(await readableWorkspaceIds(engine, viewer));
}
