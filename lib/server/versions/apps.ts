import { z } from "zod";
import { AppError } from "@/lib/domain/error";
import { Slug, WorkspaceId, type PublishedApp } from "@/lib/domain/workspace";
import { demand, readableWorkspaceIds, requireWorkspace } from "../access";
import { newEvent } from "../events/new-event";
import type { Viewer } from "../viewer";
import type { ReadEngine } from "../workspaces/summary";

/** App slugs may hold spaces and capitals, as those of existing workspaces do. */
const AppSlug = z
  .string()
  .trim()
  .regex(/^[^/\\\p{Cc}]{1,100}$/u, "An app's slug is one name without slashes.");

export const PublishApp = z.strictObject({
  workspaceId: WorkspaceId,
  slug: AppSlug.optional(),
  name: z.string().trim().min(1).max(200).optional(),
  description: z.string().max(5000).optional(),
});

export interface AppView extends PublishedApp {
  versions: string[];
}

async function withVersions(engine: ReadEngine, app: PublishedApp): Promise<AppView> {
  const versions = await engine.store.workspaces.versions(app.workspaceId, { page: 0, limit: 100 });
  return { ...app, versions: [...new Set(versions.map(({ name }) => name))] };
}

/** The published apps of workspaces the viewer may read. */
export async function listApps(engine: ReadEngine, viewer: Viewer): Promise<PublishedApp[]> {
  const readable = await readableWorkspaceIds(engine, viewer);
  const apps = await engine.store.workspaces.apps();
  return readable ? apps.filter(({ workspaceId }) => readable.includes(workspaceId)) : apps;
}

/** One published app. Throws NotFound. */
export async function readApp(engine: ReadEngine, viewer: Viewer, slug: string): Promise<AppView> {
  const app = (await listApps(engine, viewer)).find((one) => one.slug === slug);
  if (!app)
    throw new AppError("NotFound", `There is no app ${JSON.stringify(slug)} that you may see.`, { slug });
  return withVersions(engine, app);
}

/** Publishes a workspace as an app, or changes the name and description of its app; the slug stays for good. */
export async function publishApp(
  engine: ReadEngine,
  viewer: Viewer,
  input: z.infer<typeof PublishApp>,
): Promise<AppView> {
  const { workspace, grants } = await requireWorkspace(engine, viewer, "manage", input.workspaceId);
  demand(grants, "manage", workspace.id);
  const slug = input.slug ?? workspace.app?.slug ?? Slug.parse(workspace.slug);
  if (workspace.app && workspace.app.slug !== slug)
    throw new AppError(
      "InvalidRequest",
      `${workspace.name} is published as ${workspace.app.slug}; an app's slug never changes.`,
      { slug: workspace.app.slug },
    );
  const description = input.description ?? workspace.app?.description ?? workspace.description;
  const app = {
    slug,
    name: input.name ?? workspace.app?.name ?? workspace.name,
    ...(description === undefined ? {} : { description }),
  };
  await engine.store.workspaces.write([
    {
      workspaceId: workspace.id,
      guard: {},
      userId: viewer.user.id,
      app,
      events: [newEvent(viewer, "apps.published", workspace.id, { app })],
    },
  ]);
  return withVersions(engine, { workspaceId: workspace.id, ...app });
}
