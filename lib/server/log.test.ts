import { expect, it } from "vitest";
import { AppError } from "@/lib/domain/error";
import { SecretValue } from "@/lib/domain/repository";
import { createLog } from "./log";
import { Redactor } from "./redact";

it("writes JSON lines in which no known secret is left", () => {
  const lines: string[] = [];
  const redactor = new Redactor().with([new SecretValue("canary-value-1")]);
  const log = createLog("info", () => redactor, { write: (line) => lines.push(line) });
  log.info("said canary-value-1");
  log.warn({ nested: [{ text: "canary-value-1" }] }, "with canary-value-1");
  log.warn("formatted %s", "canary-value-1");
  const cause = new Error("canary-value-1");
  log.error({ err: new AppError("Internal", "canary-value-1", { at: "canary-value-1" }, { cause }) });
  log.error(new Error("canary-value-1"));
  log.debug("not told");
  expect(lines).toHaveLength(5);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ time: expect.any(String) as string });
  expect(lines.join("")).not.toContain("canary");
  expect(JSON.parse(lines[3] ?? "")).toMatchObject({ err: { code: "Internal", cause: { type: "Error" } } });
});
