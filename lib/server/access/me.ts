import type { Me } from "@/lib/domain/wire/api";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import type { Engine } from "../engine";
import type { Viewer } from "../viewer";
import { grantsOf } from "./permissions";

type ViewerEngine = Pick<Engine, "env" | "store">;

// Clients read a time; for one that is not there, some take the year 1970.
const NEVER = "9999-12-31T23:59:59.999Z";

/** Who is signed in, until when, and what they may do with the platform itself. */
export async function describeViewer(engine: ViewerEngine, viewer: Viewer): Promise<Me> {
  const grants = await grantsOf(engine, viewer);
  return {
    ...viewer.user,
    sessionId: viewer.sessionId ?? viewer.tokenId ?? viewer.correlationId,
    expires: viewer.sessionExpiresAt ?? viewer.tokenExpiresAt ?? NEVER,
    platformPermissions: grants.actions(PLATFORM_WORKSPACE_ID),
  };
}
