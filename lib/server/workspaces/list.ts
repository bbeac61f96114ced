import type { WorkspaceSummary } from "@/lib/domain/workspace";
import type { FleetCounts, WorkspaceQuery } from "@/lib/store/contract";
import { readableWorkspaceIds } from "../access";
import type { Viewer } from "../viewer";
import { summarize, type ReadEngine } from "./summary";

export type WorkspaceFilters = Omit<WorkspaceQuery, "readable" | "createdBy"> & { owned?: boolean };

/** The workspaces the viewer may read that match every filter, one page of them. */
export async function listWorkspaces(
  engine: ReadEngine,
  viewer: Viewer,
  { owned, ...query }: WorkspaceFilters,
): Promise<WorkspaceSummary[]> {
  const readable = await readableWorkspaceIds(engine, viewer);
  const records = await engine.store.workspaces.list({
    ...query,
    ...(owned ? { createdBy: viewer.user.id } : {}),
    ...(readable ? { readable } : {}),
  });
  return summarize(engine, records);
}

/** How many workspaces the viewer may read, and how many of them need attention. */
export async function fleetCounts(engine: ReadEngine, viewer: Viewer): Promise<FleetCounts> {
  return engine.store.workspaces.counts(await readableWorkspaceIds(engine, viewer));
}

/** Every label in use on workspaces the viewer may read. */
export async function listLabels(engine: ReadEngine, viewer: Viewer): Promise<string[]> {
  return engine.store.workspaces.labels(await readableWorkspaceIds(engine, viewer));
}
