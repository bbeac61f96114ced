import type { z } from "zod";
import { AppError } from "@/lib/domain/error";
import type { PublishApp, AppView } from "@/lib/domain/wire/contents";
import type { PublishedApp } from "@/lib/domain/workspace";
import { newEvent } from "@/lib/domain/event";
import type { Engine } from "../engine";
import { readableWorkspaceIds, requireWorkspace } from "../access";
import { appSurfaces } from "../workspaces/contents/app-surface";
import { refuseSecretsInGit } from "../operations/git-words";
import type { Viewer } from "../viewer";
import { appSlugSetting, formerAppSlug } from "../workspaces/naming/former-app-slug";

type AppEngine = Pick<Engine, "store" | "env">;
type PublishEngine = AppEngine & Pick<Engine, "masterKey" | "redactor">;

/** Filters of `GET /v2/apps`; those given must all match. */
export interface AppFilters {
  text?: string | undefined;
  workspaceId?: string | undefined;
  labels?: readonly string[] | undefined;
  page: number;
  limit: number;
}

async function viewOf(engine: AppEngine, app: PublishedApp): Promise<AppView> {
  const versions = await engine.store.workspaces.versions(app.workspaceId, { page: 0, limit: 100 });
  const schema = (await appSurfaces(engine, [app.slug])).get(app.slug)?.schema;
  return {
    ...app,
    versions: [...new Set(versions.map(({ name }) => name))],
    ...(schema ? { config: { schema } } : {}),
  };
}

async function visibleApps(engine: AppEngine, viewer: Viewer): Promise<PublishedApp[]> {
  const readable = await readableWorkspaceIds(engine, viewer);
  const apps = await engine.store.workspaces.apps();
  const ids = readable && new Set(readable);
  return ids ? apps.filter(({ workspaceId }) => ids.has(workspaceId)) : apps;
}

function says({ slug, name, description }: PublishedApp, text: string): boolean {
  const words = [
    slug,
    name,
    ...(typeof description === "object" ? Object.values(description) : [description ?? ""]),
  ];
  return words.some((word) => word.toLowerCase().includes(text.toLowerCase()));
}

/** The published apps of workspaces the viewer may read, by slug, one page of them. */
export async function listApps(
  engine: AppEngine,
  viewer: Viewer,
  { text, workspaceId, labels = [], page, limit }: AppFilters,
): Promise<PublishedApp[]> {
  const labelled =
    labels.length > 0
      ? new Set((await engine.store.workspaces.find({ anyLabel: labels })).map(({ id }) => id))
      : undefined;
  return (await visibleApps(engine, viewer))
    .filter((app) => workspaceId === undefined || app.workspaceId === workspaceId)
    .filter((app) => !labelled || labelled.has(app.workspaceId))
    .filter((app) => !text || says(app, text))
    .sort((a, b) => (a.slug < b.slug ? -1 : 1))
    .slice(page * limit, (page + 1) * limit);
}

async function requireApp(engine: AppEngine, viewer: Viewer, slug: string): Promise<PublishedApp> {
  const app = (await visibleApps(engine, viewer)).find((one) => one.slug === slug);
  if (!app)
    throw new AppError("NotFound", `There is no app ${JSON.stringify(slug)} that you can see.`, { slug });
  return app;
}

/** One published app. Throws NotFound. */
export async function readApp(engine: AppEngine, viewer: Viewer, slug: string): Promise<AppView> {
  return viewOf(engine, await requireApp(engine, viewer, slug));
}

/** The slug that a workspace's app has, or had before it was unpublished; it is the only one it may ever have. */
async function settledSlug(
  engine: AppEngine,
  workspace: { id: string; app: { slug: string } | undefined },
): Promise<string | undefined> {
  return workspace.app?.slug ?? formerAppSlug(engine, workspace.id);
}

/** Publishes a workspace as an app, or changes the name and description of its app; the slug stays for good. */
export async function publishApp(
  engine: PublishEngine,
  viewer: Viewer,
  input: z.infer<typeof PublishApp>,
): Promise<AppView> {
  const { workspace } = await requireWorkspace(engine, viewer, "manage", input.workspaceId);
  const settled = await settledSlug(engine, workspace);
  const slug = input.slug ?? settled ?? workspace.slug;
  if (settled !== undefined && settled !== slug)
    throw new AppError(
      "InvalidRequest",
      `${workspace.name} was first published as ${settled}, and an app's slug cannot change.`,
      { slug: settled },
    );
  const description = input.description ?? workspace.app?.description ?? workspace.description;
  const app = {
    slug,
    name: input.name ?? workspace.app?.name ?? workspace.name,
    ...(description === undefined ? {} : { description }),
  };
  await refuseSecretsInGit(engine, { viewer, workspaces: [{ ...workspace, app }], said: {} });
  await engine.store.workspaces.write([
    {
      workspaceId: workspace.id,
      guard: {},
      userId: viewer.user.id,
      app,
      events: [newEvent(viewer, "apps.published", workspace.id, { workspaceId: workspace.id, ...app, app })],
    },
  ]);
  return viewOf(engine, { workspaceId: workspace.id, ...app });
}

/** Unpublishes an app; its workspace stays, and instances of it keep their files. Throws NotFound, WorkspaceLocked. */
export async function unpublishApp(
  engine: AppEngine,
  viewer: Viewer,
  slug: string,
): Promise<{ id: string; slug: string }> {
  const { workspaceId, ...app } = await requireApp(engine, viewer, slug);
  await requireWorkspace(engine, viewer, "manage", workspaceId);
  await engine.store.jobs.settleSetting(appSlugSetting(workspaceId), app.slug);
  await engine.store.workspaces.write([
    {
      workspaceId,
      guard: {},
      userId: viewer.user.id,
      app: null,
      events: [newEvent(viewer, "apps.deleted", workspaceId, { workspaceId, ...app, app })],
    },
  ]);
  return { id: app.slug, slug: app.slug };
}
