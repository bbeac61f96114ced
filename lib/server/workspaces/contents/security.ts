import type { z } from "zod";
import { isFields, type Fields } from "@/lib/archive/edit/edit-text";
import { Security, type SecurityInput } from "@/lib/domain/wire/contents";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Viewer } from "../../viewer";
import type { Conditions } from "../sources";
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
