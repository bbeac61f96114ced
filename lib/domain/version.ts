import { z } from "zod";
import { WorkspaceId } from "./workspace";

const RESERVED = new Set(["current", "latest"]);
/** What git calls its own pointers: HEAD, FETCH_HEAD and the like; a tag of that name is never meant. */
const GITS_OWN = /^(\w+_)?HEAD$/i;

function isVersionName(name: string): boolean {
  return (
    /^[A-Za-z0-9_.-]{1,40}$/.test(name) &&
    !RESERVED.has(name) &&
    !GITS_OWN.test(name) &&
    !name.startsWith(".") &&
    !name.startsWith("-") &&
    !name.endsWith(".") &&
    !name.includes("..") &&
    !name.endsWith(".lock") &&
    !/^[0-9a-f]{40}$/i.test(name)
  );
}

/** A name that git accepts as a tag and that cannot be mistaken for a commit, `current` or `latest`. */
export const VersionName = z.string().refine(isVersionName, {
  message:
    "A version name has 1 to 40 letters, digits, dots, hyphens or underscores; not current, latest, HEAD or another of git's own names that end in HEAD, a commit id, a leading dot or hyphen, two dots in a row, or a name ending in a dot or .lock.",
});
export type VersionName = z.infer<typeof VersionName>;

/** The name of a version that nobody named; sorts by time, in UTC: `2026-11-22.143015`. */
export function automaticVersionName(now: Date): string {
  const text = now.toISOString();
  return `${text.slice(0, 10)}.${text.slice(11, 19).replaceAll(":", "")}`;
}

const RepositoryReference = z.strictObject({ id: z.string().min(1).max(100) });

export const Version = z.object({
  name: z.string(),
  createdAt: z.string(),
  createdBy: z.string().optional(),
  description: z.string().optional(),
  repository: z.object({ id: z.string() }),
  commit: z.string().optional(),
  kind: z.enum(["version", "snapshot"]).optional(),
});
export type Version = z.infer<typeof Version>;

/** Text, or the same in several languages, of which the first counts. */
const Description = z.union([
  z.string().max(5000),
  z.record(z.string().max(20), z.string().max(5000)).transform((texts) => Object.values(texts)[0] ?? ""),
]);

/** Body of `POST …/versions`: a push when `repository` is a git one, else a native version. */
export const CreateVersion = z.strictObject({
  name: VersionName.optional(),
  description: Description.optional(),
  repository: RepositoryReference.optional(),
  /** Write the folder again as it is here, although it was deleted or moved in git or has no `index.yml` there. */
  putBack: z.boolean().optional(),
  /** Overwrite the folder's content there with a merge commit; nothing is forced. */
  startOver: z.boolean().optional(),
});
export type CreateVersion = z.infer<typeof CreateVersion>;

/** Another workspace whose folder shall replace what is here; without it such a folder is refused. */
const OtherWorkspaceId = WorkspaceId;

export const PullRequest = z.strictObject({
  repository: RepositoryReference.optional(),
  discardLocalChanges: z.boolean().optional(),
  /** As in a first synchronisation: take what is there, no matter what was in common before. */
  startOver: z.boolean().optional(),
  version: z.string().max(100).optional(),
  otherWorkspaceId: OtherWorkspaceId.optional(),
});
export type PullRequest = z.infer<typeof PullRequest>;

export const RollbackRequest = z.strictObject({
  repository: RepositoryReference.optional(),
  reason: z.string().max(500).optional(),
  otherWorkspaceId: OtherWorkspaceId.optional(),
});
export type RollbackRequest = z.infer<typeof RollbackRequest>;

export const ImportError = z.looseObject({ msg: z.string(), err: z.string() });
export type ImportError = z.infer<typeof ImportError>;

/** What to know about a file that was imported anyway. */
export const ImportWarning = z.object({ path: z.string(), message: z.string() });
export type ImportWarning = z.infer<typeof ImportWarning>;

/** Payload of `workspaces.imported`. */
export const ImportResult = z.object({
  files: z.array(z.string()),
  deleted: z.array(z.string()),
  excluded: z.array(z.string()).optional(),
  version: z.object({ name: z.string(), repository: z.object({ id: z.string() }) }),
  errors: z.array(ImportError),
  warnings: z.array(ImportWarning),
});
export type ImportResult = z.infer<typeof ImportResult>;
