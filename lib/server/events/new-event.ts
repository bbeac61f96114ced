import type { NewEvent } from "@/lib/domain/event";
import type { Viewer } from "../viewer";

/** An event that this viewer causes. */
export function newEvent(
  viewer: Viewer,
  type: string,
  workspaceId: string,
  payload: Record<string, unknown>,
): NewEvent {
  return {
    type,
    workspaceId,
    payload,
    source: {
      userId: viewer.user.id,
      correlationId: viewer.correlationId,
      ...(viewer.sessionId ? { sessionId: viewer.sessionId } : {}),
    },
  };
}
