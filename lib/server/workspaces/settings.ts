import { buildTree, hashObject } from "@/lib/archive/objects";
import { AppError } from "@/lib/domain/error";
import {
  PLATFORM_WORKSPACE_ID,
  type CreateWorkspace,
  type PatchWorkspace,
  type WorkspaceFile,
} from "@/lib/domain/workspace";
import { newEvent } from "@/lib/domain/event";
import type { GitObject, WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../engine";
import type { Viewer } from "../viewer";
import { refuseNarrowToken } from "../access";
import { refuseIssues, validateConfig } from "../forms/validate";
import { merged } from "./contents/change";
import { changeSingle } from "./contents/index-file";
import { checkDomains } from "./naming/domain-names";
import { suppliedConfig } from "./edits/configuration";
import { withKeptCredentials } from "./edits/credentials";
import { newIndexText } from "./edits/index-text";
import { underFreeSlug } from "./naming/free-slug";
import { newWorkspaceId } from "./naming/new-id";
import { ANY, type Conditions } from "./edits/sources";
import { refuseLocked } from "../locks/write-lock";

type SettingsEngine = Pick<Engine, "store" | "env" | "masterKey" | "redactor">;

const EMPTY_SECURITY = "authorizations:\n  roles: {}\n  rules: []\n";

function firstContents(texts: Record<string, string>) {
  const objects = new Map<GitObjectId, GitObject>();
  const files = Object.entries(texts).map(([path, text]): WorkspaceFile => {
    const bytes = Buffer.from(text, "utf8");
    const oid = hashObject("blob", bytes);
    objects.set(oid, { type: "blob", bytes });
    return { path, mode: "100644", oid, size: bytes.byteLength };
  });
  const { tree, objects: trees } = buildTree(files);
  for (const [oid, object] of trees) objects.set(oid, object);
  return { tree, files, objects };
}
type GitObjectId = WorkspaceFile["oid"];

/** Creates a workspace that its creator owns. Throws SlugAlreadyInUse. */
export async function createWorkspace(
  engine: SettingsEngine,
  viewer: Viewer,
  input: CreateWorkspace,
): Promise<WorkspaceRecord> {
  refuseNarrowToken(viewer);
  const create = (slug: string) => createUnder(engine, viewer, input, slug);
  return input.slug === undefined ? underFreeSlug(engine, input.name, create) : create(input.slug);
}

async function createUnder(
  engine: SettingsEngine,
  viewer: Viewer,
  input: CreateWorkspace,
  slug: string,
): Promise<WorkspaceRecord> {
  const id = newWorkspaceId();
  const { name, description, labels = [], photo } = input;
  await engine.store.workspaces.create({
    id,
    name,
    slug,
    ...(description === undefined ? {} : { description }),
    labels,
    ...(photo === undefined ? {} : { photo }),
    userId: viewer.user.id,
    ownerId: viewer.user.id,
    contents: firstContents({
      "index.yml": newIndexText(id, { ...input, slug }),
      "security.yml": EMPTY_SECURITY,
    }),
    events: [newEvent(viewer, "workspaces.created", id, { workspace: { id, name, slug } })],
  });
  return reread(engine, id);
}

async function reread(engine: SettingsEngine, id: string): Promise<WorkspaceRecord> {
  const record = await engine.store.workspaces.get(id);
  if (!record)
    throw new AppError("NotFound", "The workspace was deleted in the meantime.", { workspaceId: id });
  return record;
}

/** Changes settings by editing `index.yml`, whose comments and order stay. Throws what an edit throws. */
export async function patchWorkspace(
  engine: SettingsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  { customDomains, repositories, ...patch }: PatchWorkspace,
  conditions: Conditions = ANY,
): Promise<WorkspaceRecord> {
  const domains = customDomains && checkDomains(customDomains);
  const { config, slug } = patch;
  if (config?.schema) {
    const value = { ...suppliedConfig(engine, workspace.slug), ...config.value };
    refuseIssues("config.value", validateConfig(config.schema, value));
  }
  // The text may say so already, as that of an imported file does whose slug was taken, or whose domains do not travel.
  const asked = {
    ...(slug === undefined || slug === workspace.slug ? {} : { slug }),
    ...(domains ? { customDomains: domains } : {}),
  };
  return changeSingle(
    engine,
    viewer,
    workspace,
    "index",
    (before) => ({
      ...merged(before, patch),
      ...(repositories ? { repositories: withKeptCredentials(before.repositories, repositories) } : {}),
      ...(domains ? { customDomains: domains } : {}),
    }),
    { conditions, ...(Object.keys(asked).length > 0 ? { settings: asked } : {}) },
  );
}

/** Deletes a workspace with its files, versions and secrets; its repositories on remotes stay as they are. */
export async function deleteWorkspace(
  engine: SettingsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
): Promise<void> {
  const { id, name, slug } = workspace;
  if (id === PLATFORM_WORKSPACE_ID)
    throw new AppError(
      "PermissionDenied",
      "Every instance needs the platform workspace; you cannot delete it.",
    );
  await refuseLocked(engine, id, viewer.user.id);
  await engine.store.workspaces.delete(id, {
    userId: viewer.user.id,
    events: [newEvent(viewer, "workspaces.deleted", id, { workspace: { id, name, slug } })],
  });
}
