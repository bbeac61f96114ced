import { findPart } from "@/lib/archive/contents";
import { readDocument } from "@/lib/archive/texts";
import { AppError } from "@/lib/domain/error";
import { StoredRepository, WorkspaceRepository } from "@/lib/domain/repository";
import type { Workspaces } from "@/lib/versioning/ports";
import { parseRemoteUrl } from "../env/remote-url";

/** `{{secret.name}}`, with the name as its first group. */
export const SECRET_REFERENCE = /\{\{\s*secret\.([^\s{}]+)\s*\}\}/g;

/** What a workspace's `index.yml` says under `repositories`, by id, not looked at yet. */
export async function declaredRepositories(
  workspaces: Workspaces,
  workspaceId: string,
): Promise<Map<string, unknown>> {
  const files = (await workspaces.files([workspaceId])).get(workspaceId) ?? [];
  const path = findPart(
    files.map((file) => file.path),
    "index",
  );
  const oid = files.find((file) => file.path === path)?.oid;
  const object = oid === undefined ? undefined : (await workspaces.readObjects([oid])).get(oid);
  if (path === undefined || !object) return new Map();
  const index = readDocument(object.bytes, path);
  if (typeof index !== "object" || index === null || !("repositories" in index)) return new Map();
  const { repositories } = index;
  if (typeof repositories !== "object" || repositories === null || Array.isArray(repositories))
    return new Map();
  return new Map(Object.entries(repositories));
}

function refuseSecretsOutsideAuth(id: string, value: unknown, path: string[]): void {
  if (typeof value === "string" && value.search(SECRET_REFERENCE) >= 0)
    throw new AppError(
      "PermissionDenied",
      `repositories.${id}.${path.join(".")} uses a secret, but only config.auth can use secrets. Write the value itself here.`,
      { repositoryId: id, field: path.join(".") },
    );
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (path.join(".") === "config" && key === "auth") continue;
    refuseSecretsOutsideAuth(id, item, [...path, key]);
  }
}

function refuseUrl(id: string, url: string): void {
  const parsed = parseRemoteUrl(url);
  if (typeof parsed === "string")
    throw new AppError("InvalidRequest", `repositories.${id}.config.url ${parsed}`, { repositoryId: id });
  if (parsed.protocol === "file")
    throw new AppError(
      "PermissionDenied",
      `repositories.${id} uses a file:// URL, which reads the server's own disk. Only an administrator can declare such a repository, for the whole platform.`,
      { repositoryId: id },
    );
}

/**
 * One declared repository, checked; `toBeShown` also with a branch that cannot be used. Throws PermissionDenied for what
 * a workspace may not have, else InvalidRequest.
 */
export function parseDeclared(id: string, value: unknown, toBeShown = false): WorkspaceRepository {
  if (typeof value === "object" && value !== null && "type" in value && value.type === "filesystem")
    throw new AppError(
      "PermissionDenied",
      `repositories.${id} is of type filesystem, which reads the server's own disk. Only an administrator can declare such a repository, for the whole platform.`,
      { repositoryId: id },
    );
  refuseSecretsOutsideAuth(id, value, []);
  const parsed = (toBeShown ? StoredRepository : WorkspaceRepository).safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = ["repositories", id, ...(issue?.path ?? [])].join(".");
    throw new AppError("InvalidRequest", `${field}: ${issue?.message ?? "is not of its form"}`, {
      repositoryId: id,
      field,
    });
  }
  if (parsed.data.type === "git" && !parsed.data.config)
    throw new AppError("InvalidRequest", `repositories.${id} needs config.url.`, { repositoryId: id });
  if (parsed.data.config) refuseUrl(id, parsed.data.config.url);
  return parsed.data;
}
