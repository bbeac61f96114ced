import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import type { Engine } from "../engine";
import type { Viewer } from "../viewer";
import { grantsOf } from "./permissions";

/** Who is signed in, and what they may do with the platform itself. */
export async function describeViewer(engine: Engine, viewer: Viewer) {
  const grants = await grantsOf(engine, viewer);
  return { ...viewer.user, platformPermissions: grants.actions(PLATFORM_WORKSPACE_ID) };
}
