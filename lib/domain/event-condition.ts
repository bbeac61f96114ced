/** A value that a field of an event may be compared with. */
export type Scalar = string | number | boolean;

export interface Bounds {
  gt?: string | number | undefined;
  gte?: string | number | undefined;
  lt?: string | number | undefined;
  lte?: string | number | undefined;
}

/**
 * What must hold of an event. A field is `id`, `type`, `createdAt`, or a path such as `payload.order.number`; where
 * there is a list at the path, one of its items is enough.
 */
export type EventCondition =
  | { all: readonly EventCondition[] }
  | { any: readonly EventCondition[] }
  | { not: EventCondition }
  | { field: string; is: readonly Scalar[] }
  /** Written out as text, as the query of a URL is. */
  | { field: string; text: string }
  | { field: string; bounds: Bounds }
  /** Any of these words is part of it, in any case; with `every` all of them. */
  | { field: string; words: readonly string[]; every: boolean }
  | { field: string; exists: true }
  /** `*` stands for any run of characters, `?` for one. */
  | { field: string; pattern: string };

const PATH = /^(source|payload|error)(\.[^."\\]{1,100}){1,10}$/;
const PLAIN = new Set(["id", "type", "createdAt"]);

/** Whether events can be asked for this field. */
export function isEventField(field: string): boolean {
  return PLAIN.has(field) || PATH.test(field);
}

// Nothing that is stored happened before or will after.
const FIRST_INSTANT = 0;
const LAST_INSTANT = Date.UTC(9999, 0);

/** A time to compare stored ones with: not every one that can be written is a time to both databases. */
export function comparableTime(time: Date): Date {
  return new Date(Math.min(Math.max(time.getTime(), FIRST_INSTANT), LAST_INSTANT));
}
