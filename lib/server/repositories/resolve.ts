import { AppError } from "@/lib/domain/error";
import { NATIVE_REPOSITORY_ID, type Repository, type RepositoryMode } from "@/lib/domain/repository";
import type { Engine } from "../engine";
import type { Viewer } from "../viewer";
import { resolveAuth } from "./credentials";
import { declaredRepositories, parseDeclared } from "./declared";

/** `test` is allowed in every mode. */
export type RepositoryPurpose = "push" | "pull" | "test";
type RepositoryEngine = Pick<Engine, "store" | "env" | "masterKey">;

function demandMode(
  repository: { id: string; name: string; mode: RepositoryMode },
  purpose: RepositoryPurpose,
): void {
  const { id, name, mode } = repository;
  if (purpose === "test" || mode !== (purpose === "push" ? "read-only" : "write-only")) return;
  throw new AppError(
    "RepositoryModeMismatch",
    purpose === "push"
      ? `The repository ${name} is read-only, so nothing can be pushed to it. Choose another one, or change its mode.`
      : `The repository ${name} is write-only, so nothing can be pulled from it. Choose another one, or change its mode.`,
    { repositoryId: id, mode },
  );
}

function unknown(repositoryId: string, known: readonly string[]): AppError {
  return new AppError(
    "NotFound",
    `There is no repository ${JSON.stringify(repositoryId)} here. Known: ${known.join(", ") || "none"}.`,
    { repositoryId, known },
  );
}

/**
 * A platform repository by id; without an id the first. Throws NotFound with the known ids, RepositoryModeMismatch
 * when its mode does not allow the purpose.
 */
export function platformRepository(
  engine: Pick<Engine, "env">,
  repositoryId: string | undefined,
  purpose: RepositoryPurpose,
): Repository {
  const { platformRepositories } = engine.env;
  const known = platformRepositories.map(({ id }) => id);
  const repository =
    repositoryId === undefined
      ? platformRepositories[0]
      : platformRepositories.find(({ id }) => id === repositoryId);
  if (!repository) {
    if (repositoryId !== undefined) throw unknown(repositoryId, known);
    throw new AppError(
      "NotFound",
      "There is no platform repository. Declare one with WORKSPACES_STORAGE_GIT_PLATFORM_{id}_URL and restart.",
      { known },
    );
  }
  demandMode(repository, purpose);
  return repository;
}

/**
 * A repository that a workspace may use, credentials filled in, for `viewer` or nobody in particular. Throws NotFound with the known ids,
 * RepositoryModeMismatch, PermissionDenied for what a workspace may not have.
 */
export async function resolveRepository(
  engine: RepositoryEngine,
  workspaceId: string,
  repositoryId: string,
  purpose: RepositoryPurpose,
  viewer?: Pick<Viewer, "user">,
): Promise<Repository> {
  const platform = engine.env.platformRepositories.find(({ id }) => id === repositoryId);
  if (platform) {
    demandMode(platform, purpose);
    return platform;
  }
  const workspace = await engine.store.workspaces.get(workspaceId);
  if (!workspace) throw new AppError("NotFound", "The workspace does not exist.", { workspaceId });
  const declared = await declaredRepositories(engine.store.workspaces, workspaceId);
  if (!declared.has(repositoryId)) {
    const platformIds = engine.env.platformRepositories.map(({ id }) => id);
    throw unknown(repositoryId, [NATIVE_REPOSITORY_ID, ...platformIds, ...declared.keys()]);
  }
  const {
    name = repositoryId,
    mode,
    type,
    config,
    pull,
  } = parseDeclared(repositoryId, declared.get(repositoryId));
  if (type !== "git" || !config)
    throw new AppError(
      "InvalidRequest",
      `The repository ${name} is of type archive, which only lists the files that a zip import leaves unchanged. Choose a git repository.`,
      { repositoryId },
    );
  demandMode({ id: repositoryId, name, mode }, purpose);
  return {
    id: repositoryId,
    name,
    type: "git",
    mode,
    scope: "workspace",
    url: config.url,
    branch: config.branch,
    dirpath: (config.dirpath ?? "").replace(/^\/+|\/+$/g, ""),
    auth: await resolveAuth(engine, workspace, config, viewer?.user.superAdmin === true),
    ...(config.ca === undefined ? {} : { ca: config.ca }),
    exclude: pull?.exclude?.map(({ path }) => path) ?? [],
  };
}
