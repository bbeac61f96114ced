import type { z } from "zod";
import { isFields, type Fields } from "@/lib/archive/edit/edit-text";
import { Security, type RoleView, type SecurityInput } from "@/lib/domain/wire/contents";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import { isBuiltInRole, ROLES, type Role } from "@/lib/domain/access/roles";
import type { Viewer } from "../../viewer";
import type { Conditions } from "../edits/sources";
import { merged, type ContentsEngine } from "./change";
import { changeSingle, readSingle, type FileView } from "./index-file";

type Input = z.infer<typeof SecurityInput>;

/** `security.yml` as a map; what is not of its form is shown as it stands. */
export async function readSecurity(
  engine: ContentsEngine,
  workspace: WorkspaceRecord,
): Promise<FileView<Security>> {
  const { fields, oid } = await readSingle(engine, workspace.id, "security");
  const parsed = Security.safeParse(fields);
  const value = parsed.success
    ? parsed.data
    : { unreadable: parsed.error.issues[0]?.message ?? "is not of its form" };
  return { value, oid };
}

/** Sets roles and rules. `replace`: what is not given goes; else only the given lists change. */
export async function writeSecurity(
  engine: ContentsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  input: { fields: Input; replace: boolean; conditions: Conditions },
): Promise<FileView<Security>> {
  const { fields, replace, conditions } = input;
  const { authorizations } = fields;
  const change = (before: Fields) => {
    const old = isFields(before.authorizations) ? before.authorizations : {};
    if (authorizations === undefined) return replace ? {} : before;
    return {
      ...(replace ? {} : before),
      authorizations: replace ? authorizations : merged(old, authorizations),
    };
  };
  await changeSingle(engine, viewer, workspace, "security", change, { conditions });
  return readSecurity(engine, workspace);
}

const BUILT_IN: Record<Role, string> = {
  owner: "Can do everything in the workspace.",
  editor: "Can read and change the workspace, push and pull.",
  viewer: "Can read the workspace.",
};

function descriptionOf(role: unknown): string {
  return isFields(role) && typeof role.description === "string" ? role.description : "";
}

/** The roles that can be given in a workspace: those of every workspace, then those of its `security.yml`. */
export async function listRoles(engine: ContentsEngine, workspace: WorkspaceRecord): Promise<RoleView[]> {
  const { value } = await readSecurity(engine, workspace);
  const custom = Object.entries(value.authorizations?.roles ?? {}).filter(([name]) => !isBuiltInRole(name));
  return [
    ...(Object.keys(ROLES) as Role[]).map((name) => ({ name, description: BUILT_IN[name] })),
    ...custom.map(([name, role]) => ({ name, description: descriptionOf(role) })),
  ];
}
