import type { Manifest } from "@/lib/domain/manifest";
import type { ImportError } from "@/lib/domain/version";
import { Slug, WorkspaceId } from "@/lib/domain/workspace";
import type { NewWorkspace, Ports, WorkspaceWrite } from "../ports";
import { eventOf } from "../progress";
import { importedEvent } from "./apply-import";
import type { PullOutcome } from "./apply-import";
import type { ImportPlan } from "./plan-import";
import { appFrom } from "./settings";

/**
 * The id that a new workspace takes: the one its source carries where that is free here, else a new one. That of a
 * deleted workspace is not free for those who could not read it: its events and operations are kept under it.
 */
export async function freeId(
  ports: Pick<Ports, "workspaces" | "newId" | "mayTakeId">,
  manifest: Manifest | null,
  index: ImportPlan["index"],
): Promise<string> {
  for (const id of [manifest?.workspaceId, index.id])
    if (
      id !== undefined &&
      WorkspaceId.safeParse(id).success &&
      (await ports.workspaces.get(id)) === null &&
      ((await ports.mayTakeId?.(id)) ?? true)
    )
      return id;
  return ports.newId();
}

export interface NewImport {
  id: string;
  slug: string;
  /** The name of a workspace whose `index.yml` gives none. */
  fallbackName: string;
  plan: ImportPlan;
  /** The name that the import result carries. */
  version: PullOutcome["version"];
  /** What could not be taken over, found out before. */
  errors: readonly ImportError[];
  /** The meeting point with a repository, where there is one. */
  record?: Pick<WorkspaceWrite, "lastPull" | "syncedTree" | "state">;
}

/** What creating it answers. */
export interface Created {
  workspace: NewWorkspace;
  outcome: PullOutcome;
  name: string;
  app: NonNullable<WorkspaceWrite["app"]> | undefined;
}

/** The workspace that an import makes; nothing is written yet. */
export async function newFromImport(
  ports: Ports,
  { id, slug, fallbackName, plan, version, errors, record = {} }: NewImport,
): Promise<Created> {
  const name = plan.index.name ?? fallbackName;
  const app = await appFrom(ports, id, undefined, plan.manifest, true);
  const outcome: PullOutcome = {
    imported: plan.imported,
    deleted: [],
    excluded: [],
    errors: [...plan.errors, ...app.errors, ...errors],
    warnings: plan.warnings,
    version,
  };
  const workspace: NewWorkspace = {
    id,
    name,
    slug: Slug.parse(slug),
    description: plan.index.description,
    labels: plan.index.labels ?? [],
    photo: plan.index.photo,
    userId: ports.actor.userId,
    contents: plan.contents,
    record: { ...record, ...(app.app ? { app: app.app } : {}) },
    events: [
      eventOf(ports, id, "workspaces.created", { id, name, slug, workspace: { id, name, slug } }),
      ...app.events,
      importedEvent(ports, id, outcome),
    ],
  };
  return { workspace, outcome, name, app: app.app };
}

/** Creates a workspace from an import, with all that belongs to it at once; the actor owns it. Throws SlugAlreadyInUse. */
export async function createImported(ports: Ports, input: NewImport): Promise<Created> {
  const created = await newFromImport(ports, input);
  await ports.workspaces.create({ ...created.workspace, ownerId: ports.actor.userId });
  return created;
}
