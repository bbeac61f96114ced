import { type Repository, SecretValue } from "@/lib/domain/repository";
import { createRepositories, type RepositoriesOptions } from "@/lib/git/repositories";
import { createEgressPolicy } from "@/lib/net/egress";
import type { Repositories } from "@/lib/versioning/ports";

/** A platform repository with workspaces below `workspaces`, but for what is said otherwise. */
export function aRepository(differences: Partial<Repository> & { password?: string } = {}): Repository {
  const { password, ...fields } = differences;
  return {
    id: "fleet",
    name: "Fleet",
    type: "git",
    mode: "read-write",
    scope: "platform",
    url: "",
    branch: "main",
    dirpath: "workspaces",
    auth:
      password === undefined
        ? { kind: "none" }
        : { kind: "password", user: "git", password: new SecretValue(password) },
    exclude: [],
    ...fields,
  };
}

/** Repositories that may reach the servers of a test, on loopback. */
export function loopbackRepositories(options: RepositoriesOptions = {}): Repositories {
  return createRepositories({ egress: createEgressPolicy({ allow: ["127.0.0.0/8"] }), ...options });
}
