import type { RepositoryListing } from "@/lib/domain/wire/api";
import {
  NATIVE_REPOSITORY_ID,
  NATIVE_REPOSITORY_NAME,
  type PlatformRepositorySummary,
  type Repository,
} from "@/lib/domain/repository";
import { AppError } from "@/lib/domain/error";
import type { Engine } from "../engine";
import { declaredRepositories, parseDeclared } from "./declared";

const NATIVE: RepositoryListing = {
  id: NATIVE_REPOSITORY_ID,
  name: NATIVE_REPOSITORY_NAME,
  type: "git",
  mode: "read-write",
  scope: "native",
  exclude: [],
};

function platformListing({
  id,
  name,
  type,
  mode,
  branch,
  url,
  dirpath,
  exclude,
}: Repository): RepositoryListing {
  return {
    id,
    name,
    type,
    mode,
    scope: "platform",
    ...(type === "git" ? { branch, url } : {}),
    dirpath,
    exclude,
  };
}

function ownListing(id: string, value: unknown): RepositoryListing | null {
  const { name = id, type, mode, config, pull } = parseDeclared(id, value, true);
  if (type !== "git") return null;
  return {
    id,
    name,
    type,
    mode,
    scope: "workspace",
    ...(config ? { branch: config.branch, url: config.url, dirpath: config.dirpath ?? "" } : {}),
    exclude: pull?.exclude?.map(({ path }) => path) ?? [],
  };
}

/**
 * The repositories a workspace may push to and pull from: the native one, the platform's, its own. One that is
 * declared wrongly is left out and logged; using it by id says what is wrong.
 */
export async function listRepositories(
  engine: Pick<Engine, "store" | "env" | "log">,
  workspace: { id: string },
): Promise<RepositoryListing[]> {
  const platform = engine.env.platformRepositories;
  const own: RepositoryListing[] = [];
  for (const [id, value] of await declaredRepositories(engine.store.workspaces, workspace.id)) {
    if (id === NATIVE_REPOSITORY_ID || platform.some((repository) => repository.id === id)) continue;
    try {
      const listing = ownListing(id, value);
      if (listing) own.push(listing);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      engine.log.warn(
        { workspaceId: workspace.id, repositoryId: id, problem: error.message },
        "Repository left out",
      );
    }
  }
  return [NATIVE, ...platform.map(platformListing), ...own];
}

/** The platform's repositories without credentials or location. */
export function platformSummaries(engine: Pick<Engine, "env">): PlatformRepositorySummary[] {
  const groups = engine.env.groups.map(({ name }) => name);
  return engine.env.platformRepositories.map(({ id, name, type, mode }) => ({
    id,
    name,
    type,
    mode,
    groups,
  }));
}
