import { expect, test } from "vitest";
import { comparableTime } from "@/lib/domain/event-condition";

test("times that a database has no words for are compared as the first or the last it has", () => {
  const said = (text: string) => comparableTime(new Date(text)).toISOString();
  expect(said("0000-01-01T00:00:00Z")).toBe("1970-01-01T00:00:00.000Z");
  expect(said("9999-12-31T23:59:59-23:59")).toBe("9999-01-01T00:00:00.000Z");
  expect(said("2026-11-22T14:30:00+01:00")).toBe("2026-11-22T13:30:00.000Z");
});
