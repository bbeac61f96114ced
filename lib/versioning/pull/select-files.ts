import { own } from "@/lib/domain/own";
import { isExcluded } from "@/lib/archive/exclude";
import { AppError } from "@/lib/domain/error";
import { classifyPath, collisionKey, MANIFEST_PATH, workspacePathProblem } from "@/lib/domain/path";
import type { ImportError } from "@/lib/domain/version";
import type { Oid } from "@/lib/domain/workspace";
import type { TreeEntry } from "../ports";
import { chosenTwins, composed } from "./checks/twins";

export interface SelectedFile {
  path: string;
  mode: "100644" | "100755";
  oid: Oid;
}

export interface Selection {
  /** The workspace's files after the import, in the order of the source. */
  files: SelectedFile[];
  manifest: Oid | null;
  /** Files that `pull.exclude` kept as they are here. */
  excluded: string[];
  errors: ImportError[];
}

export interface SelectionRules {
  exclude: readonly string[];
  /** Why the security file stays as it is here; null: it does not. */
  keepSecurity: string | null;
  maxFiles: number;
}

const KINDS: Record<string, string> = { "120000": "a symbolic link", "160000": "a submodule" };

function refusedEntry(entry: TreeEntry): ImportError | null {
  const kind = own(KINDS, entry.mode);
  if (kind) {
    return {
      err: "NotImported",
      msg: `${entry.path} is ${kind}; it stays in the repository and is not imported.`,
      path: entry.path,
    };
  }
  const problem = workspacePathProblem(entry.path);
  if (!problem) return null;
  const path = entry.path.slice(0, 200);
  return {
    err: "InvalidPath",
    msg: `${JSON.stringify(path)} ${problem}; it stays in the repository and is not imported.`,
    path,
  };
}

/**
 * Decides which files a workspace has after an import, without looking into them.
 * Throws TooLarge beyond the number of files a workspace may have.
 */
export function selectFiles(
  source: readonly TreeEntry[],
  present: readonly SelectedFile[],
  rules: SelectionRules,
): Selection {
  const errors: ImportError[] = [];
  const excluded = new Set<string>();
  const chosen = new Map<string, SelectedFile>();
  const now = new Map(present.map((file) => [file.path, file]));
  let manifest: Oid | null = null;
  const stays = (path: string) => {
    if (isExcluded(path, rules.exclude)) return true;
    return classifyPath(path).kind === "security" && rules.keepSecurity !== null;
  };

  const entries = source.map(composed);
  const twins = chosenTwins(entries, (path) => now.has(path));
  for (const entry of entries) {
    if (entry.path === MANIFEST_PATH) {
      manifest = entry.oid;
      continue;
    }
    const refused = refusedEntry(entry);
    if (refused) {
      errors.push(refused);
      continue;
    }
    const twin = twins.get(collisionKey(entry.path));
    if (twin && twin !== entry) {
      errors.push({
        err: "PathCollision",
        msg: `${entry.path} differs from ${twin.path} in letter case or Unicode form only; it stays in the repository and is not imported.`,
        path: entry.path,
      });
      continue;
    }
    if (stays(entry.path)) {
      noteKept(entry, now.get(entry.path), rules, excluded, errors);
      continue;
    }
    chosen.set(entry.path, {
      path: entry.path,
      mode: entry.mode === "100755" ? "100755" : "100644",
      oid: entry.oid,
    });
  }
  for (const file of present) {
    const { kind } = classifyPath(file.path);
    if (stays(file.path)) {
      chosen.set(file.path, file);
      if (isExcluded(file.path, rules.exclude)) excluded.add(file.path);
    } else if (
      kind === "security" &&
      ![...chosen.keys()].some((path) => classifyPath(path).kind === "security")
    ) {
      // An import never deletes the security file.
      chosen.set(file.path, file);
    }
  }
  if (chosen.size > rules.maxFiles) {
    throw new AppError(
      "TooLarge",
      `The source has ${String(chosen.size)} files; the limit is ${String(rules.maxFiles)}.`,
      { files: chosen.size, limit: rules.maxFiles },
    );
  }
  return { files: [...chosen.values()], manifest, excluded: [...excluded].sort(), errors };
}

function noteKept(
  entry: TreeEntry,
  present: SelectedFile | undefined,
  rules: SelectionRules,
  excluded: Set<string>,
  errors: ImportError[],
): void {
  if (isExcluded(entry.path, rules.exclude)) excluded.add(entry.path);
  else if (present?.oid !== entry.oid) {
    errors.push({
      err: "PermissionDenied",
      msg: `${entry.path} was left as it is here: ${rules.keepSecurity ?? ""}.`,
      path: entry.path,
    });
  }
}
