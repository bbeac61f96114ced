import { own } from "@/lib/domain/own";
import { isFields, type Fields } from "@/lib/archive/edit/edit-text";
import type { AppInstance, AppInstanceInput, Part } from "@/lib/domain/wire/contents";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../../engine";
import type { Grants } from "../../access";
import { refuseIssues, validateConfig } from "../../forms/validate";
import type { Viewer } from "../../viewer";
import type { Conditions } from "../edits/sources";
import { appSurfaces, visibleSurface } from "./app-surface";
import { merged, type ContentsEngine } from "./change";
import { changePart, createPart, deletePart, listParts, readPart, type PartView } from "./parts";

const KIND = "imports";

/** Instances with what their apps offer. What a file itself lists wins. */
export async function withSurfaces(
  engine: Pick<Engine, "store" | "env">,
  grants: Pick<Grants, "may">,
  parts: readonly Part[],
): Promise<AppInstance[]> {
  const slugs = parts.flatMap(({ appSlug }) => (typeof appSlug === "string" ? [appSlug] : []));
  const surfaces = await appSurfaces(engine, slugs);
  return parts.map((part) => {
    const { automations, blocks, events, name } = visibleSurface(surfaces, part.appSlug, grants);
    const { slug, appName = name } = part;
    const own = (value: unknown, offered: Fields[]): Fields[] =>
      Array.isArray(value) ? value.filter(isFields) : offered;
    return {
      ...part,
      slug,
      appName: typeof appName === "string" ? appName : undefined,
      automations: own(part.automations, automations).map(withArguments),
      blocks: own(part.blocks, blocks),
      events: Array.isArray(part.events) ? part.events.map(String) : events,
    };
  });
}

function withArguments(automation: Fields) {
  return { ...automation, arguments: isFields(automation.arguments) ? automation.arguments : {} };
}

export interface InstanceView {
  instance: AppInstance;
  oid: string;
}

async function toView(
  engine: ContentsEngine,
  grants: Pick<Grants, "may">,
  { part, oid }: PartView,
): Promise<InstanceView> {
  const [instance] = await withSurfaces(engine, grants, [part]);
  if (!instance) throw new Error("An instance was asked for and not made.");
  return { instance, oid };
}

export async function listInstances(
  engine: ContentsEngine,
  workspace: WorkspaceRecord,
  grants: Grants,
): Promise<AppInstance[]> {
  return withSurfaces(engine, grants, await listParts(engine, workspace, KIND));
}

/** One app instance. Throws NotFound. */
export async function readInstance(
  engine: ContentsEngine,
  workspace: WorkspaceRecord,
  grants: Grants,
  slug: string,
): Promise<InstanceView> {
  return toView(engine, grants, await readPart(engine, workspace, KIND, slug));
}

function stored({
  appName: _n,
  automations: _a,
  blocks: _b,
  events: _e,
  unreadable: _u,
  ...fields
}: AppInstanceInput): Fields {
  return fields;
}

function configOf(fields: Fields): Fields {
  return isFields(fields.config) ? fields.config : {};
}

/** Holds a configuration against its app's schema, for those who may know it: what is wrong tells what it says. */
async function checkConfig(
  engine: ContentsEngine,
  grants: Pick<Grants, "may">,
  appSlug: unknown,
  config: Fields,
  changed: readonly string[],
): Promise<void> {
  if (typeof appSlug !== "string") return;
  const { schema } = visibleSurface(await appSurfaces(engine, [appSlug]), appSlug, grants);
  if (schema) refuseIssues("config", validateConfig(schema, config), changed);
}

/** Installs an app: writes `imports/{slug}.yml`. Throws SlugAlreadyInUse, InvalidRequest, WorkspaceLocked. */
export async function installApp(
  engine: ContentsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  grants: Grants,
  input: AppInstanceInput,
): Promise<InstanceView> {
  const fields = merged({}, stored(input));
  await checkConfig(engine, grants, fields.appSlug, configOf(fields), Object.keys(configOf(fields)));
  return toView(engine, grants, await createPart(engine, viewer, workspace, { kind: KIND, fields }));
}

interface InstanceChange {
  slug: string;
  change: (before: Fields) => Fields;
  conditions?: Conditions;
}

async function changeInstance(
  engine: ContentsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  grants: Grants,
  { slug, change, conditions }: InstanceChange,
): Promise<InstanceView> {
  const { part } = await readPart(engine, workspace, KIND, slug);
  const after = change(part);
  const before = configOf(part);
  const config = configOf(after);
  const changed = Object.keys({ ...before, ...config }).filter(
    (name) => JSON.stringify(own(before, name)) !== JSON.stringify(own(config, name)),
  );
  await checkConfig(engine, grants, after.appSlug, config, changed);
  const input = { kind: KIND, slug, change, ...(conditions ? { conditions } : {}) } as const;
  return toView(engine, grants, await changePart(engine, viewer, workspace, input));
}

/** Changes fields of an instance; null takes one away, a new slug moves its file. */
export function patchInstance(
  engine: ContentsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  grants: Grants,
  { slug, patch, conditions }: { slug: string; patch: AppInstanceInput; conditions?: Conditions },
): Promise<InstanceView> {
  const change = (before: Fields) => merged(before, stored(patch));
  return changeInstance(engine, viewer, workspace, grants, {
    slug,
    change,
    ...(conditions ? { conditions } : {}),
  });
}

/** Sets values of an instance's configuration by name, null takes one away. */
export function patchInstanceConfig(
  engine: ContentsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  grants: Grants,
  input: { slug: string; config: Fields; replace: boolean; conditions: Conditions },
): Promise<InstanceView> {
  const { slug, config, replace, conditions } = input;
  const change = (before: Fields) => ({
    ...before,
    config: merged(replace ? {} : configOf(before), config),
  });
  return changeInstance(engine, viewer, workspace, grants, { slug, change, conditions });
}

/** Uninstalls an app. Throws NotFound, PreconditionFailed, WorkspaceLocked. */
export async function uninstallApp(
  engine: ContentsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  input: { slug: string; conditions: Conditions },
): Promise<{ id: string }> {
  const { id } = await deletePart(engine, viewer, workspace, { kind: KIND, ...input });
  return { id };
}
