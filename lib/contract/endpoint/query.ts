import { z } from "zod";
import { comparableTime } from "@/lib/domain/event-condition";

/** `true`, `1` or nothing at all (`?sse`) mean yes. */
export const Flag = z
  .string()
  .refine((text) => ["true", "false", "1", "0", ""].includes(text), { message: "Use true or false." })
  .transform((text) => text === "true" || text === "1" || text === "");

export const List = z.string().transform((text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== ""),
);

/** A whole number within bounds, written in digits. */
export function whole(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, "Use a whole number.")
    .transform(Number)
    .pipe(z.number().min(min).max(max));
}

export const Page = z.object({
  page: whole(0, 1_000_000).default(0),
  limit: whole(1, 1000).default(20),
});

/** How long an answer may wait for an operation, in seconds, and whether it is a stream instead. */
export const WatchQuery = z.object({ sse: Flag.default(false), timeout: whole(0, 600).default(15) });
export type WatchQuery = z.infer<typeof WatchQuery>;

/** A date or a time, as a filter takes it. */
export const Instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: "Use a date such as 2026-11-22, or a time such as 2026-11-22T14:30:00Z.",
  })
  .transform((text) => comparableTime(new Date(text)));

/** Which of several repositories a version belongs to. */
export const InRepository = z.object({ repository: z.string().max(100).optional() });
