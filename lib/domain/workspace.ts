import { z } from "zod";
import { WriteLock } from "./write-lock";

export const PLATFORM_WORKSPACE_ID = "platform";

/** Hex SHA-1 of a git object. */
export const Oid = z
  .string()
  .regex(/^[0-9a-f]{40}$/)
  .brand<"Oid">();
export type Oid = z.infer<typeof Oid>;

export const Slug = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[a-z0-9-]+$/, "A slug can contain only lower-case letters, digits and hyphens.");
export type Slug = z.infer<typeof Slug>;

export const WorkspaceId = z.string().regex(/^[0-9A-Za-z_-]{1,40}$/);
export type WorkspaceId = z.infer<typeof WorkspaceId>;

export const Label = z
  .string()
  .regex(
    /^[0-9A-Za-z._:-]{2,60}$/,
    "A label must have 2 to 60 letters, digits, dots, colons, hyphens or underscores.",
  );

/** A file of a workspace: `oid` is git's blob id of its bytes, `size` in bytes. */
export interface WorkspaceFile {
  path: string;
  mode: "100644" | "100755";
  oid: Oid;
  size: number;
}

/** `lastPush` and `lastPull` of a workspace: the last successful one, to whichever repository. */
export const SyncRecord = z.object({
  createdAt: z.string(),
  createdBy: z.string(),
  version: z.string(),
  repositoryId: z.string(),
});
export type SyncRecord = z.infer<typeof SyncRecord>;

/** The state of a workspace compared with one repository, as known at `checkedAt`. */
export const SyncStatus = z.enum(["synced", "dirty", "behind", "diverged", "conflict", "unknown"]);
export type SyncStatus = z.infer<typeof SyncStatus>;

const LocalizedText = z.union([z.string(), z.record(z.string(), z.string())]);

export const PublishedApp = z.object({
  workspaceId: WorkspaceId,
  slug: z.string(),
  name: z.string(),
  description: LocalizedText.optional(),
});
export type PublishedApp = z.infer<typeof PublishedApp>;

/** One row of `GET /v2/workspaces`. */
export const WorkspaceSummary = z.object({
  id: WorkspaceId,
  name: z.string(),
  slug: Slug,
  description: LocalizedText.optional(),
  labels: z.array(Label),
  photo: z.string().optional(),
  createdAt: z.string(),
  createdBy: z.string(),
  updatedAt: z.string(),
  updatedBy: z.string(),
  dirty: z.boolean(),
  lastPush: SyncRecord.optional(),
  lastPull: SyncRecord.optional(),
  writeLock: WriteLock.optional(),
  groups: z.array(z.string()),
  syncStatus: SyncStatus,
  ahead: z.number().optional(),
  behind: z.number().nullable().optional(),
  app: PublishedApp.omit({ workspaceId: true }).optional(),
});
export type WorkspaceSummary = z.infer<typeof WorkspaceSummary>;

export const CreateWorkspace = z.strictObject({
  name: z.string().trim().min(1).max(200),
  slug: Slug.optional(),
  description: z.union([z.string().max(5000), z.record(z.string(), z.string().max(5000))]).optional(),
  labels: z.array(Label).max(50).optional(),
  photo: z.string().max(2000).optional(),
});
export type CreateWorkspace = z.infer<typeof CreateWorkspace>;

const Fields = z.record(z.string(), z.unknown());

/** `PATCH /v2/workspaces/{id}`: the given fields replace those in `index.yml`. */
export const PatchWorkspace = CreateWorkspace.partial().extend({
  customDomains: z.array(z.string().min(1).max(253)).max(50).optional(),
  config: z
    .strictObject({
      schema: Fields.optional(),
      block: z.string().max(200).optional(),
      value: Fields.optional(),
    })
    .optional(),
  blocks: z.record(z.string().min(1).max(200), Fields).optional(),
  repositories: z.record(z.string().max(60), Fields).optional(),
  secrets: z.strictObject({ schema: Fields.optional() }).optional(),
});
export type PatchWorkspace = z.infer<typeof PatchWorkspace>;

/** What the copy is called; without a name it is named after the original. */
export const DuplicateRequest = z.strictObject({
  name: z.string().trim().min(1).max(200).optional(),
  slug: Slug.optional(),
  /** Labels decide which groups a workspace is promoted with, so a copy has none unless they are given. */
  labels: z.array(Label).max(50).optional(),
});
export type DuplicateRequest = z.infer<typeof DuplicateRequest>;

/** A slug made from a name: what is not a letter or digit becomes a hyphen. */
export function slugify(name: string): string {
  const slug = name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return slug || "workspace";
}
