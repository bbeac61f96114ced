import type { Index } from "@/lib/archive/contents";
import type { Manifest } from "@/lib/domain/manifest";
import type { NewEvent } from "@/lib/domain/event";
import type { ImportError } from "@/lib/domain/version";
import type { Ports, WorkspaceRecord, WorkspaceWrite } from "../ports";
import { eventOf } from "../progress";

/**
 * What an imported `index.yml` changes of the workspace's record. A slug in use elsewhere stays as it was and is
 * reported; domains never travel.
 */
export async function settingsFrom(
  ports: Ports,
  record: WorkspaceRecord,
  index: Index,
): Promise<{ settings: NonNullable<WorkspaceWrite["settings"]>; errors: ImportError[] }> {
  const settings: NonNullable<WorkspaceWrite["settings"]> = {
    name: index.name ?? record.name,
    description: index.description ?? null,
    labels: index.labels ?? [],
    photo: index.photo ?? null,
  };
  if (index.slug === undefined || index.slug === record.slug) return { settings, errors: [] };
  const owner = await ports.workspaces.getBySlug(index.slug);
  if (!owner || owner.id === record.id) return { settings: { ...settings, slug: index.slug }, errors: [] };
  return { settings, errors: [slugInUse(record.slug, index.slug, owner.id)] };
}

export function slugInUse(oldSlug: string, newSlug: string, conflictingWorkspaceId: string): ImportError {
  return {
    err: "SlugAlreadyInUse",
    msg: `Could not rename workspace slug from ${oldSlug} to ${newSlug} as it is already used by workspaceId ${conflictingWorkspaceId}`,
    conflictingWorkspaceId,
  };
}

export interface AppFromManifest {
  app?: NonNullable<WorkspaceWrite["app"]>;
  events: NewEvent[];
  errors: ImportError[];
}

/**
 * The app that a manifest publishes, when whoever imports might publish it by hand. The slug of a published app never
 * changes; a taken one is reported.
 */
export async function appFrom(
  ports: Ports,
  workspaceId: string,
  published: WorkspaceRecord["app"],
  manifest: Manifest | null,
  mayPublish: boolean,
): Promise<AppFromManifest> {
  const named = manifest?.app;
  if (!named) return { events: [], errors: [] };
  const app = {
    slug: published?.slug ?? (await ports.formerAppSlug?.(workspaceId)) ?? named.slug,
    name: named.name ?? named.slug,
    description: named.description,
  };
  if (JSON.stringify(published) === JSON.stringify(app)) return { events: [], errors: [] };
  if (!mayPublish) {
    const error: ImportError = {
      err: "PermissionDenied",
      msg: `The app ${app.slug} was left as it is here: publishing it needs permission to manage this workspace.`,
    };
    return { events: [], errors: [error] };
  }
  const owner = await ports.workspaces.app(app.slug);
  if (owner && owner.workspaceId !== workspaceId) {
    const error: ImportError = {
      err: "AppSlugAlreadyInUse",
      msg: `The app ${app.slug} was not published: workspaceId ${owner.workspaceId} already publishes an app with that slug.`,
      conflictingWorkspaceId: owner.workspaceId,
    };
    return { events: [], errors: [error] };
  }
  return {
    app,
    events: [eventOf(ports, workspaceId, "apps.published", { workspaceId, ...app, app })],
    errors: [],
  };
}
