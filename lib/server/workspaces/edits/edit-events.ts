import { own } from "@/lib/domain/own";
import { isDeepStrictEqual } from "node:util";
import { readDocument } from "@/lib/archive/texts";
import { AppError } from "@/lib/domain/error";
import { partOf } from "@/lib/archive/parts";

/** One changed file with its bytes on both sides; null where it was not or is no more. */
export interface FileEdit {
  path: string;
  before: Uint8Array | null;
  after: Uint8Array | null;
}

/** Where a moved file came from. */
export interface Rename {
  from: string;
  oldSlug: string;
}

export interface EditEvent {
  type: string;
  payload: Record<string, unknown>;
}

/** A file's map, or an empty one where there is none or it cannot be read. */
export function documentOf(bytes: Uint8Array | null, path: string): Record<string, unknown> {
  if (!bytes) return {};
  try {
    const value = readDocument(bytes, path);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch (error) {
    // What stood there before may have come from git unreadable; its replacement was checked.
    if (error instanceof AppError) return {};
    throw error;
  }
}

const VERBS = {
  automations: { created: "created", updated: "updated", deleted: "deleted" },
  pages: { created: "created", updated: "updated", deleted: "deleted" },
  imports: { created: "installed", updated: "configured", deleted: "uninstalled" },
} as const;
const SUBJECTS = { automations: "automation", pages: "page", imports: "appInstance" } as const;

function changeOf({ before, after }: FileEdit, rename: Rename | undefined) {
  if (rename) return "updated";
  return before === null ? "created" : after === null ? "deleted" : "updated";
}

function partEvent(
  kind: keyof typeof VERBS,
  pathSlug: string,
  edit: FileEdit,
  rename: Rename | undefined,
): EditEvent {
  const change = changeOf(edit, rename);
  const document = documentOf(edit.after ?? edit.before, edit.path);
  const text = (key: string) => (typeof own(document, key) === "string" ? { [key]: own(document, key) } : {});
  return {
    type: `workspaces.${kind === "imports" ? "apps" : kind}.${VERBS[kind][change]}`,
    payload: {
      [SUBJECTS[kind]]: {
        slug: pathSlug,
        ...text("slug"),
        ...text("name"),
        ...(kind === "imports" ? text("appSlug") : {}),
      },
      path: edit.path,
      ...(rename ? { oldSlug: rename.oldSlug } : {}),
    },
  };
}

function indexEvents(edit: FileEdit): EditEvent[] {
  const { config: configBefore, ...before } = documentOf(edit.before, edit.path);
  const { config, ...after } = documentOf(edit.after, edit.path);
  const payload = { name: after.name, slug: after.slug, path: edit.path };
  const configured = !isDeepStrictEqual(configBefore, config);
  const updated = !isDeepStrictEqual(before, after) || !configured;
  return [
    ...(updated ? [{ type: "workspaces.updated", payload }] : []),
    ...(configured ? [{ type: "workspaces.configured", payload: { path: edit.path } }] : []),
  ];
}

/** What a set of edits means to those who follow the workspace. */
export function editEvents(
  edits: readonly FileEdit[],
  renames: ReadonlyMap<string, Rename> = new Map(),
): EditEvent[] {
  const others: string[] = [];
  const left = new Set([...renames.values()].map(({ from }) => from));
  const events = edits.flatMap((edit): EditEvent[] => {
    if (left.has(edit.path)) return [];
    const part = partOf(edit.path, edit.after ?? edit.before ?? new Uint8Array());
    if (part.kind === "index") return indexEvents(edit);
    if (part.kind === "security")
      return [{ type: "workspaces.security.updated", payload: { path: edit.path } }];
    if ("slug" in part) return [partEvent(part.kind, part.slug, edit, renames.get(edit.path))];
    others.push(edit.path);
    return [];
  });
  return others.length > 0 ? [...events, { type: "workspaces.updated", payload: { files: others } }] : events;
}
