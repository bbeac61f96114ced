import { z } from "zod";

export const EventSource = z.object({
  workspaceId: z.string().optional(),
  userId: z.string().optional(),
  sessionId: z.string().optional(),
  correlationId: z.string().optional(),
  automationSlug: z.string().optional(),
  appInstanceFullSlug: z.string().optional(),
  http: z.record(z.string(), z.unknown()).optional(),
  host: z.record(z.string(), z.unknown()).optional(),
});
export type EventSource = z.infer<typeof EventSource>;

/** An event as everyone outside sees it. Its `id` is the cursor of the instance, as text. */
export const Event = z.object({
  id: z.string(),
  type: z.string(),
  createdAt: z.string(),
  payload: z.record(z.string(), z.unknown()),
  source: EventSource,
  error: z.record(z.string(), z.unknown()).optional(),
});
export type Event = z.infer<typeof Event>;

const CustomEvent = z.strictObject({
  type: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\s*]+$/, "A type cannot contain spaces or asterisks."),
  payload: z.record(z.string(), z.unknown()).default({}),
});

/** One event, a list of them, or `{events: […]}`. */
export const CustomEvents = z.preprocess(
  (body) => {
    if (Array.isArray(body)) return { events: body };
    return typeof body === "object" && body !== null && "type" in body ? { events: [body] } : body;
  },
  z.strictObject({ events: z.array(CustomEvent).min(1).max(100) }),
);

/** Events of an app inside an app belong to that app, not to the workspace it was installed in. */
export function isNested({ appInstanceFullSlug }: Pick<EventSource, "appInstanceFullSlug">): boolean {
  return appInstanceFullSlug?.includes(".") ?? false;
}

/** An event about to be stored, in the same transaction as the change it reports. */
export interface NewEvent {
  type: string;
  workspaceId: string;
  payload: Record<string, unknown>;
  operationId?: string;
  error?: Record<string, unknown>;
  source: Omit<EventSource, "workspaceId">;
}

/** Who causes an event. */
interface EventAuthor {
  user: { id: string };
  correlationId: string;
  sessionId?: string;
}

/** An event that this user causes. */
export function newEvent(
  { user, correlationId, sessionId }: EventAuthor,
  type: string,
  workspaceId: string,
  payload: Record<string, unknown>,
): NewEvent {
  return {
    type,
    workspaceId,
    payload,
    source: { userId: user.id, correlationId, ...(sessionId ? { sessionId } : {}) },
  };
}

/**
 * Whether `type` matches a filter in which `*` stands for any run of characters. Each piece is looked for once, from where
 * the one before ended: a regular expression of many stars would try every way to share the text among them.
 */
export function typeMatches(filter: string, type: string): boolean {
  const [first = "", ...rest] = filter.split("*");
  const last = rest.pop();
  if (last === undefined) return type === filter;
  if (!type.startsWith(first) || !type.endsWith(last)) return false;
  let from = first.length;
  for (const piece of rest) {
    const at = type.indexOf(piece, from);
    if (at === -1) return false;
    from = at + piece.length;
  }
  return from <= type.length - last.length;
}
