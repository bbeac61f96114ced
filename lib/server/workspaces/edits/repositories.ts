import { AppError } from "@/lib/domain/error";
import { NATIVE_REPOSITORY_ID, WorkspaceRepository } from "@/lib/domain/repository";

const SECRET = /\{\{\s*secret\./;

function refuseSecrets(value: unknown, path: string): void {
  if (typeof value === "string" && SECRET.test(value))
    throw new AppError("InvalidRequest", `${path} uses a secret; in a repository only config.auth may.`, {
      path,
    });
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) refuseSecrets(child, `${path}.${key}`);
}

function checkRepository(id: string, value: unknown): void {
  const where = `repositories.${id}`;
  if (typeof value === "object" && value !== null && "type" in value && value.type === "filesystem")
    throw new AppError(
      "PermissionDenied",
      `${where}: a workspace cannot use the type filesystem, because that would read the server's own disk. An administrator can configure one for the whole platform.`,
      { repository: id },
    );
  const parsed = WorkspaceRepository.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = [where, ...(issue?.path ?? [])].join(".");
    throw new AppError("InvalidRequest", `${field}: ${issue?.message ?? "is not of its form"}`, {
      repository: id,
    });
  }
  const { type, config } = parsed.data;
  if (type === "git" && !config)
    throw new AppError("InvalidRequest", `${where}: a git repository needs config.url.`, { repository: id });
  if (config && URL.canParse(config.url)) {
    const { username, password, protocol } = new URL(config.url);
    if (password || (username && protocol !== "ssh:"))
      throw new AppError(
        "InvalidRequest",
        `${where}: the URL carries credentials. Move them to config.auth, as {{secret.name}}.`,
        { repository: id },
      );
    if (protocol === "file:")
      throw new AppError("PermissionDenied", `${where}: a workspace cannot use a file:// URL.`, {
        repository: id,
      });
  }
  const { auth: _auth, ...shown } = (config ?? {}) as Record<string, unknown>;
  refuseSecrets({ ...parsed.data, config: shown }, where);
}

/** Throws for repositories in `index.yml` that a workspace may not have. */
export function checkRepositories(repositories: unknown, platformIds: readonly string[]): void {
  if (repositories === undefined || repositories === null) return;
  if (typeof repositories !== "object" || Array.isArray(repositories))
    throw new AppError("InvalidRequest", "repositories in index.yml must be a map of id to repository.");
  for (const [id, repository] of Object.entries(repositories)) {
    if (!/^[A-Za-z0-9_-]{1,60}$/.test(id))
      throw new AppError(
        "InvalidRequest",
        `repositories: ${JSON.stringify(id.slice(0, 80))} is not an id of letters, digits, hyphens or underscores.`,
      );
    if (id === NATIVE_REPOSITORY_ID || platformIds.includes(id))
      throw new AppError(
        "InvalidRequest",
        `repositories.${id}: this id belongs to a repository of the platform.`,
        {
          repository: id,
        },
      );
    checkRepository(id, repository);
  }
}
