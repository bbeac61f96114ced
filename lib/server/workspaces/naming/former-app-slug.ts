import type { Engine } from "../../engine";

/** The setting that keeps the slug under which a workspace was first published. */
export function appSlugSetting(workspaceId: string): string {
  return `appSlug:${workspaceId}`;
}

/** The slug of the app that a workspace was before it was unpublished. */
export async function formerAppSlug(
  { store }: Pick<Engine, "store">,
  workspaceId: string,
): Promise<string | undefined> {
  const settled = await store.jobs.setting(appSlugSetting(workspaceId));
  return typeof settled === "string" ? settled : undefined;
}
