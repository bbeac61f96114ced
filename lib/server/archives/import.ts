import { AppError } from "@/lib/domain/error";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import {
  createFromArchive,
  importArchive,
  type ArchiveOutcome,
  type ArchiveSource,
} from "@/lib/versioning/archive-import";
import { importFleet, type FleetInput } from "@/lib/versioning/archive-import/fleet";
import { matchSources } from "@/lib/versioning/archive-import/match";
import type { Ports, WorkspaceRecord } from "@/lib/versioning/ports";
import { freeId } from "@/lib/versioning/pull/create-imported";
import type { Engine } from "../engine";
import { pullEnd } from "../operations/endings";
import type { HeldLease, OperationEnd, OperationRequest, Started } from "../runner";
import type { Viewer } from "../viewer";
import { grantsOf, refuseNarrowToken } from "../access";
import { mayTakeId } from "../workspaces/naming/former-id";
import { takingFreeSlug } from "../workspaces/naming/free-slug";
import { newWorkspaceId } from "../workspaces/naming/new-id";
import type { OpenArchive } from "./archive-source";
import { openArchive, type UploadedArchive } from "./open";

type ImportEngine = Pick<Engine, "env" | "store" | "runner">;

type Closing = (work: () => Promise<OperationEnd>) => Promise<OperationEnd>;

/** Starts an operation that reads the archive; the archive is closed when that ends, however it does. */
async function startClosing(
  engine: ImportEngine,
  viewer: Viewer,
  archive: UploadedArchive,
  prepare: (opened: OpenArchive, closing: Closing) => OperationRequest | Promise<OperationRequest>,
): Promise<Started> {
  const closing: Closing = async (work) => {
    try {
      return await work();
    } finally {
      await archive.close();
    }
  };
  try {
    return await engine.runner.start(viewer, await prepare(await openArchive(engine, archive), closing));
  } catch (error) {
    await archive.close();
    throw error;
  }
}

function endOf(outcome: ArchiveOutcome, how: "created" | "updated"): OperationEnd {
  const { workspaceId } = outcome;
  const result = {
    ...outcome,
    createdWorkspaceIds: how === "created" ? [workspaceId] : [],
    updatedWorkspaceIds: how === "updated" ? [workspaceId] : [],
  };
  return pullEnd(result);
}

function oneWorkspace(opened: OpenArchive): ArchiveSource {
  if (opened.kind === "workspace") return opened.source;
  const names = opened.sources.map(({ folder }) => folder);
  throw new AppError(
    "InvalidRequest",
    `The archive contains ${String(names.length)} workspaces (${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}), but you are importing into one. Use /v2/workspaces/import to import all of them.`,
    { workspaces: names.slice(0, 100) },
  );
}

/** Starts the import of an archive into a workspace. Throws UnreadableContent, TooLarge, InvalidRequest. */
export async function startArchiveImport(
  engine: ImportEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  archive: UploadedArchive,
  { prune }: { prune: boolean },
): Promise<Started> {
  return startClosing(engine, viewer, archive, (opened, closing) => {
    const source = oneWorkspace(opened);
    return {
      kind: "import",
      workspaceId: workspace.id,
      input: { prune },
      purpose: "import",
      work: (ports: Ports, lease: HeldLease) =>
        closing(async () => endOf(await importArchive(ports, { lease, source, prune }), "updated")),
    };
  });
}

/** What the archive holds for these workspaces, and the rest of it. */
async function chosenOf(engine: ImportEngine, opened: OpenArchive, ids: readonly string[]) {
  // The folder of an archive of one workspace may have any name.
  const sources =
    opened.kind === "fleet"
      ? opened.sources
      : [{ ...opened.source, folder: opened.source.index.slug ?? opened.source.folder }];
  const chosen: ArchiveSource[] = [];
  const skipped: ArchiveSource[] = [];
  const { found } = await matchSources(engine.store, sources);
  for (const source of sources) {
    const record = found.get(source)?.record;
    (record && ids.includes(record.id) ? chosen : skipped).push(source);
  }
  if (chosen.length > 0) return { sources: chosen, skipped };
  const names = skipped.map(({ folder }) => folder);
  throw new AppError(
    "InvalidRequest",
    `The archive contains none of the ${String(ids.length)} workspaces you selected. It contains ${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}: select those, or import without a selection.`,
    { workspaces: names.slice(0, 100) },
  );
}

/**
 * Starts the import of an archive as a new workspace, or of all the workspaces in it; those that are here already are
 * updated. With `ids` only these are. Throws UnreadableContent, TooLarge, PermissionDenied, InvalidRequest.
 */
export async function startArchiveImports(
  engine: ImportEngine,
  viewer: Viewer,
  archive: UploadedArchive,
  { prune, ids }: { prune: boolean; ids?: readonly string[] | undefined },
): Promise<Started> {
  return startClosing(engine, viewer, archive, async (opened, closing) => {
    refuseNarrowToken(viewer);
    const common = { kind: "import", input: { prune }, purpose: "none" } as const;
    const told = opened.kind === "fleet" ? { warnings: opened.warnings, errors: opened.errors } : {};
    const fleet = (chosen: Pick<FleetInput, "sources" | "skipped">): OperationRequest => ({
      ...common,
      workspaceId: PLATFORM_WORKSPACE_ID,
      work: (ports: Ports) =>
        closing(async () => pullEnd(await importFleet(ports, { ...chosen, ...told, prune }))),
    });
    if (ids) return fleet(await chosenOf(engine, opened, ids));
    if (opened.kind === "fleet") return fleet({ sources: opened.sources });
    const { source } = opened;
    const { workspaces } = engine.store;
    const { may } = await grantsOf(engine, viewer);
    const id = await freeId(
      {
        workspaces,
        newId: newWorkspaceId,
        mayTakeId: (former) => mayTakeId(engine, { userId: viewer.user.id, may }, former),
      },
      source.manifest,
      source.index,
    );
    return {
      ...common,
      workspaceId: id,
      work: (ports: Ports) =>
        closing(() =>
          takingFreeSlug(source.index.slug ?? source.folder, async () =>
            endOf(await createFromArchive(ports, { source, id }), "created"),
          ),
        ),
    };
  });
}
