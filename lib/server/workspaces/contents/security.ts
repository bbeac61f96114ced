import type { z } from "zod";
import { isFields } from "@/lib/archive/edit/edit-text";
import { Security, type SecurityInput } from "@/lib/domain/wire/contents";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Viewer } from "../../viewer";
import { merged, type ContentsEngine } from "./change";
import { changeSingle, readSingle } from "./index-file";

type Input = z.infer<typeof SecurityInput>;

/** `security.yml` as a map; what is not of its form is shown as it stands. */
export async function readSecurity(engine: ContentsEngine, workspace: WorkspaceRecord): Promise<Security> {
  const { fields } = await readSingle(engine, workspace.id, "security");
  const parsed = Security.safeParse(fields);
  return parsed.success
    ? parsed.data
    : { unreadable: parsed.error.issues[0]?.message ?? "is not of its form" };
}

/** Sets roles and rules. `replace`: what is not given goes; else only the given lists change. */
export async function writeSecurity(
  engine: ContentsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  { authorizations }: Input,
  replace: boolean,
): Promise<Security> {
  await changeSingle(engine, viewer, workspace, "security", (before) => {
    const old = isFields(before.authorizations) ? before.authorizations : {};
    if (authorizations === undefined) return replace ? {} : before;
    return {
      ...(replace ? {} : before),
      authorizations: replace ? authorizations : merged(old, authorizations),
    };
  });
  return readSecurity(engine, workspace);
}
