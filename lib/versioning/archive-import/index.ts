import { archiveRulesFrom } from "@/lib/archive/exclude";
import type { ArchiveRules } from "@/lib/archive/exclude";
import { findPart } from "@/lib/archive/contents";
import { readDocument } from "@/lib/archive/texts";
import { AppError } from "@/lib/domain/error";
import type { ImportError } from "@/lib/domain/version";
import { slugify } from "@/lib/domain/workspace";
import type { PublishedApp } from "@/lib/domain/workspace";
import { readSnapshot } from "../contents";
import type { Snapshot } from "../contents";
import type { Lease, Ports } from "../ports";
import { Steps } from "../progress";
import { applyImport, snapshotBefore } from "../pull/apply-import";
import type { PullOutcome } from "../pull/apply-import";
import { createImported } from "../pull/create-imported";
import { blobReader, planImport } from "../pull/plan-import";
import { slugInUse } from "../pull/settings";
import { rightsOf } from "../pull/source";
import { withPresent } from "./source";
import type { ArchiveSource } from "./source";

export type { ArchiveSource } from "./source";
export { readArchiveSource } from "./source";

/** What an import result names as its repository when the workspace declares none of type `archive`. */
const ARCHIVE_REPOSITORY_ID = "archive";

/** The answer of one workspace's import. */
export type ArchiveOutcome = PullOutcome & {
  workspaceId: string;
  name: string;
  publishedApps: PublishedApp[];
};

function versionOf({ manifest }: ArchiveSource, repositoryId = ARCHIVE_REPOSITORY_ID) {
  return { name: manifest?.version?.name ?? "current", repository: { id: repositoryId } };
}

async function ownRules(ports: Ports, { files }: Snapshot): Promise<ArchiveRules> {
  const path = findPart(
    files.map((file) => file.path),
    "index",
  );
  const oid = files.find((file) => file.path === path)?.oid;
  const bytes = oid && (await ports.workspaces.readObjects([oid])).get(oid)?.bytes;
  if (!bytes || path === undefined) return { exclude: [] };
  try {
    return archiveRulesFrom(readDocument(bytes, path));
  } catch (error) {
    // An import is also how a workspace whose settings cannot be read any more is repaired.
    if (error instanceof AppError) return { exclude: [] };
    throw error;
  }
}

function notPublished({ manifest }: ArchiveSource): ImportError {
  return {
    err: "PermissionDenied",
    msg: `The app ${manifest?.app?.slug ?? ""} was not published: that needs permission to manage the workspace.`,
  };
}

/** Files here under the names of those that were left out of the archive: an import does not delete them. */
function notTaken({ leftOut = [] }: ArchiveSource, files: Snapshot["files"]): Snapshot["files"] {
  const paths = new Set(leftOut.map(({ path }) => path));
  return files.filter(({ path }) => paths.has(path));
}

/**
 * Brings an archive's files into a workspace, all of them or none, after a snapshot. Files that the archive does not
 * have stay, unless `prune` says otherwise. Throws UnreadableContent, TooLarge and LockLost.
 */
export async function importArchive(
  ports: Ports,
  input: { lease: Lease; source: ArchiveSource; prune: boolean },
): Promise<ArchiveOutcome> {
  const { lease, source, prune } = input;
  const snapshot = await readSnapshot(ports, lease.workspaceId);
  const { record, files } = snapshot;
  const { exclude, repositoryId } = await ownRules(ports, snapshot);
  const version = versionOf(source, repositoryId);
  const steps = new Steps(ports, record.id, "pull", { id: version.repository.id, branch: "" });
  try {
    await steps.enter("pull:import", "Importing files of the archive");
    const plan = await planImport({
      limits: ports.limits,
      present: snapshot,
      source: prune ? [...source.entries, ...notTaken(source, files)] : withPresent(source.entries, files),
      described: source.entries,
      exclude,
      rights: rightsOf(ports, record.id),
      readBlobs: blobReader(ports, source.readBlobs),
    });
    // Publishing an app by hand needs more than the right to change content.
    const mayPublish = ports.actor.may("manage", record.id);
    const denied = plan.manifest?.app && !mayPublish && !record.app ? [notPublished(source)] : [];
    const outcome = await applyImport(ports, {
      lease,
      repository: version.repository,
      snapshot,
      plan: {
        ...plan,
        manifest: mayPublish ? plan.manifest : null,
        errors: [...(source.leftOut ?? []), ...plan.errors, ...denied],
        warnings: [...(source.warnings ?? []), ...plan.warnings],
      },
      versionName: version.name,
      saved:
        plan.contents.tree === record.tree
          ? undefined
          : snapshotBefore(ports, snapshot, "importing an archive"),
      recordPull: false,
      events: [],
      steps,
    });
    const now = await ports.workspaces.get(record.id);
    const app = JSON.stringify(now?.app) === JSON.stringify(record.app) ? undefined : now?.app;
    return {
      ...outcome,
      workspaceId: record.id,
      name: now?.name ?? record.name,
      publishedApps: app ? [{ workspaceId: record.id, ...app }] : [],
    };
  } catch (error) {
    await steps.enter("error", error instanceof AppError ? error.message : "The import failed.");
    throw error;
  }
}

async function freeSlug(ports: Ports, wanted: string): Promise<{ slug: string; errors: ImportError[] }> {
  const owner = await ports.workspaces.getBySlug(wanted);
  if (!owner) return { slug: wanted, errors: [] };
  for (let number = 2; number < 100; number++) {
    const slug = `${wanted.slice(0, 90)}-${String(number)}`;
    if (!(await ports.workspaces.getBySlug(slug)))
      return { slug, errors: [slugInUse(slug, wanted, owner.id)] };
  }
  const slug = `${wanted.slice(0, 90)}-${slugify(ports.newId())}`;
  return { slug, errors: [slugInUse(slug, wanted, owner.id)] };
}

/** Creates a workspace of that id, owned by the actor, from an archive. A slug in use elsewhere gets a number, and the result says so. */
export async function createFromArchive(
  ports: Ports,
  { source, id }: { source: ArchiveSource; id: string },
): Promise<ArchiveOutcome> {
  const plan = await planImport({
    limits: ports.limits,
    present: null,
    source: source.entries,
    exclude: [],
    rights: { security: true, repositories: true },
    readBlobs: blobReader(ports, source.readBlobs),
  });
  const fallbackName = plan.index.name ?? (source.folder || "Workspace");
  const { slug, errors } = await freeSlug(ports, plan.index.slug ?? slugify(fallbackName));
  const { outcome, name, app } = await createImported(ports, {
    id,
    slug,
    fallbackName,
    plan: { ...plan, warnings: [...(source.warnings ?? []), ...plan.warnings] },
    version: versionOf(source),
    errors: [...(source.leftOut ?? []), ...errors],
  });
  return { ...outcome, workspaceId: id, name, publishedApps: app ? [{ workspaceId: id, ...app }] : [] };
}
