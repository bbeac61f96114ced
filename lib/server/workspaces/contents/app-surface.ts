import { own } from "@/lib/domain/own";
import { isFields, type Fields } from "@/lib/archive/edit/edit-text";
import { findPart } from "@/lib/archive/contents";
import { AppError } from "@/lib/domain/error";
import type { Grants } from "../../access";
import type { Engine } from "../../engine";
import { fieldsOf, snapshotOf } from "./change";
import { readAll } from "./parts";

/** What a workspace offers to those who install it as an app. */
interface Offer {
  automations: Fields[];
  blocks: Fields[];
  events: string[];
  schema: Fields | undefined;
}

export interface AppSurface extends Offer {
  /** Absent where the app is not here, or may not be seen. */
  name?: string;
}

const EMPTY: AppSurface = { automations: [], blocks: [], events: [], schema: undefined };
const KEPT = 200;
const MAX_DEPTH = 60;

// A tree never changes, so neither does what it offers.
const known = new Map<string, Offer>();

function eventsIn(value: unknown, found: Set<string>, depth = 0): void {
  if (depth > MAX_DEPTH || typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const event = key === "emit" && isFields(item) ? item.event : undefined;
    // What YAML takes for a number or another word is the event's name all the same.
    if (["string", "number", "boolean"].includes(typeof event) && !String(event).includes("{{"))
      found.add(String(event));
    eventsIn(item, found, depth + 1);
  }
}

function pick(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(
    names.flatMap((name) => (own(fields, name) === undefined ? [] : [[name, own(fields, name)]])),
  );
}

async function indexOf(snapshot: Awaited<ReturnType<typeof snapshotOf>>): Promise<Fields> {
  const path = findPart(
    snapshot.files.map((file) => file.path),
    "index",
  );
  const file = snapshot.files.find((one) => one.path === path);
  if (!file) return {};
  try {
    return fieldsOf(await snapshot.bytes(file), file.path);
  } catch (error) {
    // An app whose index cannot be read offers what its other files say.
    if (error instanceof AppError) return {};
    throw error;
  }
}

async function readSurface(engine: Pick<Engine, "store" | "env">, workspaceId: string): Promise<Offer> {
  const snapshot = await snapshotOf(engine, workspaceId);
  const index = await indexOf(snapshot);
  const automations = [...(await readAll(snapshot, "automations")).values()].filter(
    ({ fields }) => fields.private !== true && fields.disabled !== true,
  );
  const events = new Set<string>();
  for (const { fields } of automations) eventsIn(fields.do, events);
  const blocks = isFields(index.blocks) ? Object.entries(index.blocks) : [];
  return {
    automations: automations.map(({ slug, fields }) => ({
      slug,
      ...pick(fields, ["name", "description", "arguments"]),
    })),
    blocks: blocks.map(([slug, block]) => ({
      slug,
      ...(isFields(block) ? pick(block, ["name", "description", "url", "schema"]) : {}),
    })),
    events: [...events].sort(),
    schema: isFields(index.config) && isFields(index.config.schema) ? index.config.schema : undefined,
  };
}

/** What these apps offer, by slug; nothing of an app that is not here. */
export async function appSurfaces(
  engine: Pick<Engine, "store" | "env">,
  slugs: Iterable<string>,
): Promise<Map<string, AppSurface & { workspaceId: string }>> {
  const found = new Map<string, AppSurface & { workspaceId: string }>();
  for (const slug of new Set(slugs)) {
    const app = await engine.store.workspaces.app(slug);
    const record = app && (await engine.store.workspaces.get(app.workspaceId));
    if (!record) continue;
    const surface = known.get(record.tree) ?? (await readSurface(engine, record.id));
    if (known.size >= KEPT) known.delete(known.keys().next().value ?? "");
    known.set(record.tree, surface);
    found.set(slug, { ...surface, name: app.name, workspaceId: record.id });
  }
  return found;
}

/** The surface of an app as far as the viewer may know it. */
export function visibleSurface(
  surfaces: ReadonlyMap<string, AppSurface & { workspaceId: string }>,
  appSlug: unknown,
  grants: Pick<Grants, "may">,
): AppSurface {
  const surface = typeof appSlug === "string" ? surfaces.get(appSlug) : undefined;
  return surface && grants.may("read", surface.workspaceId) ? surface : EMPTY;
}
