import type { Manifest } from "@/lib/domain/manifest";
import type { ImportError } from "@/lib/domain/version";
import { Slug, WorkspaceId } from "@/lib/domain/workspace";
import type { Lease, Ports, WorkspaceWrite } from "../ports";
import { eventOf } from "../progress";
import { importedEvent } from "./apply-import";
import type { PullOutcome } from "./apply-import";
import type { ImportPlan } from "./plan-import";
import { appFrom } from "./settings";

/** The id that a new workspace takes: the one its source carries where that is free here, else a new one. */
export async function freeId(
  ports: Pick<Ports, "workspaces" | "newId">,
  manifest: Manifest | null,
  index: ImportPlan["index"],
): Promise<string> {
  for (const id of [manifest?.workspaceId, index.id])
    if (id !== undefined && WorkspaceId.safeParse(id).success && (await ports.workspaces.get(id)) === null)
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

/** Creates a workspace from an import, locked until all of it is here. Throws SlugAlreadyInUse. */
export async function createImported(
  ports: Ports,
  { id, slug, fallbackName, plan, version, errors, record = {} }: NewImport,
): Promise<{ outcome: PullOutcome; name: string; app: NonNullable<WorkspaceWrite["app"]> | undefined }> {
  const { userId } = ports.actor;
  const name = plan.index.name ?? fallbackName;
  const lease: Lease | null = await ports.workspaces.create({
    id,
    name,
    slug: Slug.parse(slug),
    description: plan.index.description,
    labels: plan.index.labels ?? [],
    photo: plan.index.photo,
    userId,
    contents: plan.contents,
    events: [eventOf(ports, id, "workspaces.created", { id, name, slug })],
    lock: { operationId: ports.journal.operationId, reason: "import_in_progress" },
  });
  const app = await appFrom(ports, id, undefined, plan.manifest);
  const outcome: PullOutcome = {
    imported: plan.imported,
    deleted: [],
    excluded: [],
    errors: [...plan.errors, ...app.errors, ...errors],
    version,
  };
  await ports.workspaces.write([
    {
      workspaceId: id,
      guard: { lease: lease ?? undefined },
      userId,
      ...record,
      ...(app.app ? { app: app.app } : {}),
      events: [...app.events, importedEvent(ports, id, outcome)],
      lock: "release",
    },
  ]);
  return { outcome, name, app: app.app };
}
