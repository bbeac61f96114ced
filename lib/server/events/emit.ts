import type { z } from "zod";
import type { CustomEvents } from "@/lib/domain/event";
import { type Event, newEvent } from "@/lib/domain/event";
import { AppError } from "@/lib/domain/error";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../engine";
import type { Viewer } from "../viewer";
import { redactorOf } from "../secrets/hiding";

// A page of a feed may hold a thousand of them.
const MAX_BYTES = 256 * 1024;

// Events that only Switchyard itself may tell: people act on them, and some carry a button.
const RESERVED = /^(workspaces|operation|apps|error)(\.|$)/;

/** Stores events that a client tells about a workspace. Throws InvalidRequest for a reserved type. */
export async function emitEvents(
  engine: Pick<Engine, "store" | "env" | "masterKey" | "redactor">,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  { events }: z.output<typeof CustomEvents>,
): Promise<Event[]> {
  const reserved = events.find(({ type }) => RESERVED.test(type));
  if (reserved)
    throw new AppError(
      "InvalidRequest",
      `The type ${reserved.type} is reserved for Switchyard. Start yours with another word.`,
      { type: reserved.type },
    );
  const large = events.findIndex(({ payload }) => Buffer.byteLength(JSON.stringify(payload)) > MAX_BYTES);
  if (large >= 0)
    throw new AppError(
      "TooLarge",
      `The payload of event ${String(large)} is larger than ${String(MAX_BYTES)} bytes.`,
      {
        index: large,
        maxBytes: MAX_BYTES,
      },
    );
  const redactor = await redactorOf(engine, workspace);
  return engine.store.events.append(
    events.map(({ type, payload }) => newEvent(viewer, type, workspace.id, redactor.free(payload))),
  );
}
