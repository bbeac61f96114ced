import { findPart } from "@/lib/archive/contents";
import { editDocument } from "@/lib/archive/edit/edit-document";
import { newText, type Fields } from "@/lib/archive/edit/edit-text";
import type { WorkspaceFile } from "@/lib/domain/workspace";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Viewer } from "../../viewer";
import type { EditExtras } from "../edits/apply";
import { conditionsMet, type Conditions } from "../edits/sources";
import { changeContents, fieldsOf, snapshotOf, utf8, type ContentsEngine, type Snapshot } from "./change";

type Single = "index" | "security";

function fileOf({ files }: Snapshot, kind: Single): WorkspaceFile | undefined {
  const path = findPart(
    files.map((file) => file.path),
    kind,
  );
  return files.find((file) => file.path === path);
}

/** What a file says about one thing, with the file's blob id. */
export interface FileView<T> {
  value: T;
  oid: string | undefined;
}

/** `index.yml` or `security.yml` as a map; empty where there is none. Throws UnreadableContent. */
export async function readSingle(
  engine: ContentsEngine,
  workspaceId: string,
  kind: Single,
): Promise<{ fields: Fields; oid: string | undefined }> {
  const snapshot = await snapshotOf(engine, workspaceId);
  const file = fileOf(snapshot, kind);
  if (!file) return { fields: {}, oid: undefined };
  return { fields: fieldsOf(await snapshot.bytes(file), file.path), oid: file.oid };
}

/**
 * Changes `index.yml` or `security.yml` in place; the rest of it stays as its author wrote it. Throws
 * PreconditionFailed where the conditions forbid it.
 */
export async function changeSingle(
  engine: ContentsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  kind: Single,
  change: (before: Fields) => Fields | Promise<Fields>,
  { conditions, ...extras }: EditExtras & { conditions?: Conditions } = {},
): Promise<WorkspaceRecord> {
  return changeContents(engine, viewer, workspace.id, async (snapshot) => {
    const file = fileOf(snapshot, kind);
    if (conditions) conditionsMet(conditions)(file?.path ?? `${kind}.yml`, file);
    if (!file) {
      const { id, name, slug } = workspace;
      const path = `${kind}.yml`;
      const text = newText(path, await change(kind === "index" ? { id, name, slug } : {}));
      return { edits: new Map([[path, utf8(text)]]), ...extras };
    }
    const bytes = await snapshot.bytes(file);
    const text = editDocument(bytes, file.path, await change(fieldsOf(bytes, file.path)));
    return { edits: new Map([[file.path, utf8(text)]]), ...extras };
  });
}
