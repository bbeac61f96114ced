import type { Group } from "@/lib/domain/bulk";
import type { Journal } from "./journal";
import type { Locks } from "./locks";
import type { Repositories } from "./repositories";
import type { Workspaces } from "./workspaces";

export * from "./objects";
export * from "./repositories";
export * from "./workspaces";
export * from "./locks";
export * from "./journal";

/** Who acts. `name` and `email` become the author of commits. */
interface Actor {
  userId: string;
  name: string;
  email: string;
  /** Whether the actor holds this right on a workspace that exists; a pull changes only what its actor may change by hand. */
  may(
    action: "read" | "update" | "manage" | "manage_security" | "manage_repositories",
    workspaceId: string,
  ): boolean;
  /** What the actor lacks for a change of a security file, or of the repositories in an index file, that an import brings. */
  lacks?(
    part: "security" | "repositories",
    workspaceId: string,
    before: unknown,
    after: unknown,
  ): string | null;
}

/** What a workspace may hold. */
export interface ContentLimits {
  fileBytes: number;
  filesPerWorkspace: number;
}

/** All that a use case needs from outside. One is made for each operation. */
export interface Ports {
  repositories: Repositories;
  workspaces: Workspaces;
  locks: Locks;
  journal: Journal;
  /** Now; injected so that tests and recovery decide what time it is. */
  clock: () => Date;
  newId: () => string;
  /** The slug of the app that a workspace was once published as; it is the only one it may ever have. */
  /** What these users are called, by id. */
  namesOf: (userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  formerAppSlug?: (workspaceId: string) => Promise<string | undefined>;
  /** Whether the actor may have this id of a workspace that is gone, of which events and operations are still kept. */
  mayTakeId?: (workspaceId: string) => Promise<boolean>;
  groups: readonly Group[];
  limits: ContentLimits;
  /** How many workspaces one push of a bulk push carries: a ref for each, beside the target branch. */
  workspacesPerPush: number;
  actor: Actor;
  source: { userId: string; correlationId: string; sessionId?: string };
  /** Aborted when the operation is cancelled, its deadline passed, or a lock was lost. */
  signal: AbortSignal;
}
