import { z } from "zod";
import { workspacePathProblem } from "./path";

export const NATIVE_REPOSITORY_ID = "prismeai";
export const NATIVE_REPOSITORY_NAME = "Prismeai";

export const RepositoryMode = z.enum(["read-write", "read-only", "write-only"]);
export type RepositoryMode = z.infer<typeof RepositoryMode>;

export const RepositoryType = z.enum(["git", "filesystem", "archive"]);
export type RepositoryType = z.infer<typeof RepositoryType>;

/** The build puts copies of this module into several bundles of one process; they recognise each other by this mark. */
const MARK = Symbol.for("switchyard.SecretValue");

/** A credential that prints as `[redacted]` wherever it is turned into text by accident. */
export class SecretValue {
  readonly [MARK] = true;
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && MARK in value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return "[redacted]";
  }
  toJSON(): string {
    return "[redacted]";
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[redacted]";
  }
}

export type RepositoryAuth =
  | { kind: "none" }
  | { kind: "password"; user: string; password: SecretValue }
  | { kind: "sshkey"; key: SecretValue; passphrase?: SecretValue; user?: string };

/** A repository ready to connect to: defaults filled in, secrets resolved, allowed for the caller. */
export interface Repository {
  id: string;
  name: string;
  type: "git" | "filesystem";
  mode: RepositoryMode;
  /** `platform`: one directory a workspace, with `.import.yml`. `workspace`: the one workspace is at `dirpath`. */
  scope: "platform" | "workspace";
  /** Git: the remote's URL without credentials. Filesystem: empty. */
  url: string;
  branch: string;
  /** Git: path inside the repository, no slash at the ends. Filesystem: the directory on disk. */
  dirpath: string;
  auth: RepositoryAuth;
  /** PEM of a certificate authority to trust for this repository. */
  ca?: string;
  exclude: string[];
}

/** What anyone who may read a workspace may know of a platform repository. */
export const PlatformRepositorySummary = z.object({
  id: z.string(),
  name: z.string(),
  type: RepositoryType,
  mode: RepositoryMode,
  groups: z.array(z.string()),
});
export type PlatformRepositorySummary = z.infer<typeof PlatformRepositorySummary>;

const Segmented = z
  .string()
  .max(500)
  .refine(
    (path) =>
      path.split("/").every((part) => part === "" || (!part.startsWith("-") && !workspacePathProblem(part))),
    {
      message:
        "A dirpath cannot contain . or .., a segment that starts with a hyphen, or a name that git or a file system reserves.",
    },
  );

/** Why `name` cannot be the branch of a repository; null: it can. */
export function branchNameProblem(name: string): string | null {
  if (name.length === 0 || name.length > 200) return "A branch name must have 1 to 200 characters.";
  if (/^(\w+_)?HEAD$/i.test(name))
    return `${name} is one of git's own names and means whatever is checked out. Use the name of the branch itself, for example main.`;
  if (name.startsWith("refs/"))
    return `Write the branch name without refs/heads/: ${name.replace(/^refs\/(heads\/)?/, "") || "main"}.`;
  if (/^prismeai(\/|$)/i.test(name))
    return "Branches below prismeai/ are reserved for Switchyard. Use the branch that they are merged into.";
  if (name.startsWith("-")) return "A branch name cannot start with a hyphen.";
  return isGitName(name) ? null : "Git does not accept this branch name.";
}

/** The rules of `git check-ref-format --branch`. */
function isGitName(name: string): boolean {
  return (
    // eslint-disable-next-line no-control-regex
    !/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^\/|[/.]$/.test(name) &&
    name.split("/").every((part) => !part.startsWith(".") && !part.endsWith(".lock")) &&
    name !== "@"
  );
}

const BranchName = z.string().check((context) => {
  const problem = branchNameProblem(context.value);
  if (problem) context.issues.push({ code: "custom", message: problem, input: context.value });
});

function repositorySchema(branch: z.ZodType<string, string>) {
  return z.object({
    name: z.string().max(200).optional(),
    type: RepositoryType.default("git"),
    mode: RepositoryMode.default("read-write"),
    config: z
      .object({
        url: z.string().min(1).max(2000),
        branch: branch.default("main"),
        dirpath: Segmented.optional(),
        auth: z
          .object({
            user: z.string().max(500).optional(),
            password: z.string().max(10_000).optional(),
            sshkey: z.string().max(20_000).optional(),
            passphrase: z.string().max(10_000).optional(),
          })
          .optional(),
        ca: z.string().max(100_000).optional(),
      })
      .optional(),
    pull: z.object({ exclude: z.array(z.object({ path: z.string().max(500) })).optional() }).optional(),
  });
}

/** One entry of `repositories` in `index.yml`, as a person wrote it. */
export const WorkspaceRepository = repositorySchema(BranchName);
/** The same as it may appear in an older or foreign file: to be shown and corrected. */
export const StoredRepository = repositorySchema(z.string());
export type WorkspaceRepository = z.infer<typeof WorkspaceRepository>;

export function intermediateBranch(slug: string, targetBranch: string): string {
  return `prismeai/${slug}/${targetBranch}`;
}

/** Where the workspaces of a platform repository lie in its tree; a filesystem repository's tree starts there. */
export function repositoryRoot(repository: Pick<Repository, "type" | "dirpath">): string {
  return repository.type === "filesystem" ? "" : repository.dirpath;
}

/** The directory of a workspace inside a repository; empty for the repository's root. */
export function workspaceDirectory(
  repository: Pick<Repository, "type" | "scope" | "dirpath">,
  slug: string,
): string {
  const root = repositoryRoot(repository);
  if (repository.scope === "workspace") return root;
  return root ? `${root}/${slug}` : slug;
}
