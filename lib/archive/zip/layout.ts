import { AppError } from "@/lib/domain/error";
import { findPart } from "../contents";

interface Placed {
  path: string;
}

/** What an archive holds: one workspace, or several by the name of their folder. Paths are a workspace's own. */
export type ArchiveLayout<T extends Placed> =
  { kind: "workspace"; folder: string; files: T[] } | { kind: "fleet"; workspaces: Map<string, T[]> };

function byFolder<T extends Placed>(files: readonly T[]): Map<string, T[]> {
  const folders = new Map<string, T[]>();
  for (const file of files) {
    const slash = file.path.indexOf("/");
    const folder = slash === -1 ? "" : file.path.slice(0, slash);
    const inside = folders.get(folder) ?? [];
    inside.push({ ...file, path: file.path.slice(slash + 1) });
    folders.set(folder, inside);
  }
  return folders;
}

function isWorkspace(files: readonly Placed[]): boolean {
  return (
    findPart(
      files.map(({ path }) => path),
      "index",
    ) !== undefined
  );
}

/**
 * Finds out what an archive holds and takes the top folder off its paths.
 * Throws UnreadableContent when there is no `index.yml` where one belongs.
 */
export function layoutOf<T extends Placed>(files: readonly T[]): ArchiveLayout<T> {
  if (isWorkspace(files)) return { kind: "workspace", folder: "", files: [...files] };
  const folders = byFolder(files);
  const [only] = folders;
  if (only && folders.size === 1 && only[0] !== "") {
    const [folder, inside] = only;
    if (isWorkspace(inside)) return { kind: "workspace", folder, files: inside };
    const nested = workspacesIn(byFolder(inside));
    if (nested.size > 0) return { kind: "fleet", workspaces: nested };
  }
  const workspaces = workspacesIn(folders);
  if (workspaces.size > 0) return { kind: "fleet", workspaces };
  throw new AppError(
    "UnreadableContent",
    "The archive has no index.yml, neither at the top nor in its single top-level folder, so it is not a workspace. Pack the folder that contains index.yml.",
    { path: "index.yml" },
  );
}

function workspacesIn<T extends Placed>(folders: ReadonlyMap<string, T[]>): Map<string, T[]> {
  return new Map(
    [...folders].filter(([folder, files]) => folder !== "" && !folder.startsWith(".") && isWorkspace(files)),
  );
}
