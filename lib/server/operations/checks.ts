import { AppError } from "@/lib/domain/error";
import { NATIVE_REPOSITORY_ID } from "@/lib/domain/repository";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import { grantsOf } from "../access/permissions";
import type { Engine } from "../engine";
import type { Viewer } from "../viewer";

/** The groups by these names, each once. Throws NotFound that names the unknown and the known ones. */
export function knownGroups(engine: Pick<Engine, "env">, names: readonly string[]): string[] {
  const known = engine.env.groups.map(({ name }) => name);
  const unknown = [...new Set(names)].filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new AppError(
      "NotFound",
      `There is no group ${unknown.join(", ")}. Known: ${known.join(", ") || "none; declare them with WORKSPACES_GROUP_{name}_LABELS"}.`,
      { unknown, known },
    );
  return [...new Set(names)];
}

/** Every workspace of the groups. Throws PermissionDenied unless the viewer may update them all. */
export async function workspacesToPush(
  engine: Pick<Engine, "store" | "env">,
  viewer: Viewer,
  groups: readonly string[],
): Promise<WorkspaceRecord[]> {
  const grants = await grantsOf(engine, viewer);
  const labels = engine.env.groups
    .filter(({ name }) => groups.includes(name))
    .flatMap((group) => group.labels);
  const workspaces = labels.length > 0 ? await engine.store.workspaces.find({ anyLabel: labels }) : [];
  if (viewer.user.superAdmin && viewer.scopes === undefined) return workspaces;
  const foreign = workspaces.filter(({ id }) => !grants.may("update", id));
  if (foreign.length === 0) return workspaces;
  // Only what the viewer may see is named; of the others the number alone.
  const visible = foreign.filter(({ id }) => grants.may("read", id)).map(({ slug }) => slug);
  throw new AppError(
    "PermissionDenied",
    `You do not have permission to update ${String(foreign.length)} of the workspaces in these groups${visible.length > 0 ? `, among them ${visible.join(", ")}` : ""}. Choose other groups, or ask their owners.`,
    { count: foreign.length, slugs: visible },
  );
}

/** The version that `latest` means in the native repository, else the name as it is. Throws NotFound. */
export async function nativeVersionName(
  engine: Pick<Engine, "store">,
  workspaceId: string,
  versionId: string,
): Promise<string> {
  if (versionId !== "latest") return versionId;
  for (let page = 0; ; page++) {
    const versions = await engine.store.workspaces.versions(workspaceId, { page, limit: 100 });
    const newest = versions.find(
      ({ repositoryId, kind }) => repositoryId === NATIVE_REPOSITORY_ID && kind === "version",
    );
    if (newest) return newest.name;
    if (versions.length < 100)
      throw new AppError(
        "NotFound",
        "This workspace has no version in the native repository yet. Save one first, or name a git repository to pull from.",
        { workspaceId, repositoryId: NATIVE_REPOSITORY_ID },
      );
  }
}
