import { z } from "zod";
import { findPart } from "@/lib/archive/contents";
import { readDocument } from "@/lib/archive/texts";
import { AppError } from "@/lib/domain/error";
import type { Oid, WorkspaceFile } from "@/lib/domain/workspace";
import type { Engine } from "../engine";
import { ACTIONS, isAction, isBuiltInRole, type Action } from "@/lib/domain/access/roles";

type RolesEngine = Pick<Engine, "store">;

/** The roles that a security.yml defines, with what each may do in its workspace. */
export type CustomRoles = ReadonlyMap<string, readonly Action[]>;

const oneOrMany = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const Rule = z.looseObject({
  role: oneOrMany.optional(),
  action: oneOrMany.optional(),
  subject: oneOrMany.optional(),
  inverted: z.boolean().optional(),
  conditions: z.unknown().optional(),
});
const Security = z.looseObject({
  authorizations: z
    .looseObject({
      roles: z.record(z.string(), z.unknown()).nullish(),
      rules: z.array(z.unknown()).nullish(),
    })
    .nullish(),
});

const NONE: CustomRoles = new Map();
const KEPT = 500;
// Content never changes under its id, so what was read once needs no second look.
const known = new Map<Oid, CustomRoles>();

function actionsNamed(names: readonly string[]): readonly Action[] {
  return names.includes("manage") ? ACTIONS : names.filter(isAction);
}

/**
 * The roles in a security.yml. A rule counts when it names the role and has `workspaces` (or `all`) as its subject; a
 * later rule wins over an earlier one, an inverted one takes away, `manage` stands for every action. Conditions are
 * about what only the platform knows at run time, so where there are some a rule that gives does not count and one that
 * takes away always does. The built-in roles mean the same everywhere and cannot be redefined.
 */
export function rolesIn(document: unknown): CustomRoles {
  const parsed = Security.safeParse(document);
  const authorizations = parsed.success ? parsed.data.authorizations : undefined;
  if (!authorizations?.roles) return NONE;
  const roles = new Map<string, Set<Action>>();
  for (const name of Object.keys(authorizations.roles)) if (!isBuiltInRole(name)) roles.set(name, new Set());
  for (const given of authorizations.rules ?? []) {
    const rule = Rule.safeParse(given);
    if (!rule.success) continue;
    const { role = [], action = [], subject = [], inverted, conditions } = rule.data;
    if (conditions !== undefined && !inverted) continue;
    if (!subject.includes("workspaces") && !subject.includes("all")) continue;
    for (const name of role) {
      const held = roles.get(name);
      for (const one of actionsNamed(action))
        if (inverted) held?.delete(one);
        else held?.add(one);
    }
  }
  return new Map([...roles].map(([name, actions]) => [name, ACTIONS.filter((one) => actions.has(one))]));
}

async function readRoles(engine: RolesEngine, { path, oid }: WorkspaceFile): Promise<CustomRoles> {
  const kept = known.get(oid);
  if (kept) return kept;
  const bytes = (await engine.store.workspaces.readObjects([oid])).get(oid)?.bytes;
  if (!bytes) return NONE;
  let roles = NONE;
  try {
    roles = rolesIn(readDocument(bytes, path));
  } catch (error) {
    // A security.yml that came from git unreadable gives nobody anything.
    if (!(error instanceof AppError)) throw error;
  }
  if (known.size >= KEPT) known.clear();
  known.set(oid, roles);
  return roles;
}

/** The custom roles of these workspaces, by workspace. */
export async function customRoles(
  engine: RolesEngine,
  workspaceIds: readonly string[],
): Promise<Map<string, CustomRoles>> {
  const found = new Map<string, CustomRoles>();
  if (workspaceIds.length === 0) return found;
  for (const [id, files] of await engine.store.workspaces.files(workspaceIds)) {
    const path = findPart(
      files.map((file) => file.path),
      "security",
    );
    const file = files.find((one) => one.path === path);
    found.set(id, file ? await readRoles(engine, file) : NONE);
  }
  return found;
}
