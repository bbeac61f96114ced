import type { ErrorCode } from "@/lib/domain/error";
import type { Env } from "./env/types";

export interface StartupGroup {
  /** Null: all workspaces of the repository. */
  group: string | null;
  status: "pending" | "running" | "done" | "aborted" | "skipped";
  operationId?: string;
  /** The error that ended it, or the first of its workspaces that failed. */
  error?: ErrorCode;
  /** Of a skipped one: the group that ended the import. */
  after?: string | null;
}

/** How the import at start stands; changes while it runs. */
export interface StartupState {
  status: "none" | "pending" | "running" | "done" | "failed";
  groups: StartupGroup[];
}

/** How it stands before it begins. */
export function newStartupState({ env }: { env: Pick<Env, "startupImport"> }): StartupState {
  const wanted = env.startupImport;
  if (!wanted) return { status: "none", groups: [] };
  const groups = wanted.groups.length > 0 ? wanted.groups : [null];
  return { status: "pending", groups: groups.map((group) => ({ group, status: "pending" })) };
}
