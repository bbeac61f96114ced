import { editDocument } from "@/lib/archive/edit/edit-document";
import { isFields } from "@/lib/archive/edit/edit-text";
import { findPart } from "@/lib/archive/contents";
import { hashObject } from "@/lib/archive/objects";
import { readDocument } from "@/lib/archive/texts";
import { AppError } from "@/lib/domain/error";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import type { Oid, DuplicateRequest } from "@/lib/domain/workspace";
import { newEvent } from "@/lib/domain/event";
import type { TreeEntry, VersionRecord, WorkspaceRecord } from "@/lib/versioning/ports";
import { planImport } from "@/lib/versioning/pull/plan-import";
import type { Engine } from "../engine";
import { grantsOf, refuseNarrowToken } from "../access";
import { filesOfVersion } from "./versions";
import type { Viewer } from "../viewer";
import { shownTo, type Shown } from "../workspaces/edits/credentials";
import { underFreeSlug } from "../workspaces/naming/free-slug";
import { newWorkspaceId } from "../workspaces/naming/new-id";

interface Copy {
  id: string;
  name: string;
  slug: string;
  labels: string[];
}

/** The text of the copy's `index.yml`: the original's with another identity, and without its domains. */
function indexOfCopy(bytes: Uint8Array, path: string, { id, name, slug, labels }: Copy): Uint8Array {
  const before = readDocument(bytes, path);
  const { customDomains: _domains, labels: _labels, ...rest } = isFields(before) ? before : {};
  const fields = { ...rest, id, name, slug, ...(labels.length > 0 ? { labels } : {}) };
  return Buffer.from(editDocument(bytes, path, fields), "utf8");
}

async function contentsOfCopy(
  engine: Pick<Engine, "store" | "env">,
  entries: readonly TreeEntry[],
  copy: Copy,
  shown: Shown,
) {
  const { workspaces } = engine.store;
  const path = findPart(
    entries.map((entry) => entry.path),
    "index",
  );
  const index = entries.find((entry) => entry.path === path);
  const bytes = index && (await workspaces.readObjects([index.oid])).get(index.oid)?.bytes;
  if (!index || !bytes)
    throw new AppError("UnreadableContent", "This version has no index.yml, so it cannot be copied.", {
      path: "index.yml",
    });
  const text = indexOfCopy(shown(index.path, bytes), index.path, copy);
  const oid = hashObject("blob", text);
  const read = async (oids: readonly Oid[]) => {
    const stored = await workspaces.readObjects(oids);
    const found = new Map([...stored].map(([known, object]) => [known, object.bytes]));
    return oids.includes(oid) ? found.set(oid, text) : found;
  };
  return planImport({
    limits: engine.env.limits,
    present: null,
    source: entries.map((entry) => (entry === index ? { ...entry, oid } : entry)),
    exclude: [],
    rights: { security: true, repositories: true },
    readBlobs: read,
  });
}

/**
 * Creates a copy of a workspace as it is now, or as it was in a version. Secrets, domains, labels, versions and what
 * was published stay with the original. Throws PermissionDenied, SlugAlreadyInUse, NotFound, UnreadableContent.
 */
export async function duplicateWorkspace(
  engine: Pick<Engine, "store" | "env">,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  version: VersionRecord | null,
  request: DuplicateRequest = {},
): Promise<WorkspaceRecord> {
  refuseNarrowToken(viewer);
  const shown = shownTo(await grantsOf(engine, viewer), workspace.id);
  if (workspace.id === PLATFORM_WORKSPACE_ID)
    throw new AppError("PermissionDenied", "You cannot copy the platform workspace.");
  const { workspaces } = engine.store;
  const entries = version
    ? await filesOfVersion(engine, version)
    : ((await workspaces.files([workspace.id])).get(workspace.id) ?? []);
  const source: Source = { workspace, entries, version, shown };
  const create = (slug: string) => createCopy(engine, viewer, source, request, slug);
  const wish = request.name ?? `${workspace.slug}-copy`;
  return request.slug === undefined ? underFreeSlug(engine, wish, create) : create(request.slug);
}

interface Source {
  workspace: WorkspaceRecord;
  entries: readonly TreeEntry[];
  version: VersionRecord | null;
  shown: Shown;
}

async function createCopy(
  engine: Pick<Engine, "store" | "env">,
  viewer: Viewer,
  { workspace, entries, version, shown }: Source,
  request: DuplicateRequest,
  slug: string,
): Promise<WorkspaceRecord> {
  const { workspaces } = engine.store;
  const id = newWorkspaceId();
  const name = request.name ?? `${workspace.name} (copy)`.slice(0, 200);
  const labels = request.labels ?? [];
  const plan = await contentsOfCopy(engine, entries, { id, name, slug, labels }, shown);
  const copy = { id, name, slug };
  await workspaces.create({
    ...copy,
    description: plan.index.description,
    labels,
    photo: plan.index.photo,
    userId: viewer.user.id,
    ownerId: viewer.user.id,
    contents: plan.contents,
    events: [
      newEvent(viewer, "workspaces.created", id, { workspace: copy }),
      newEvent(viewer, "workspaces.duplicated", workspace.id, {
        workspace: copy,
        from: { id: workspace.id, ...(version ? { version: version.name } : {}) },
      }),
    ],
  });
  const record = await workspaces.get(id);
  if (!record) throw new AppError("NotFound", "The copy was deleted in the meantime.", { workspaceId: id });
  return record;
}
