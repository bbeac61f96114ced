import { describe, expect, it } from "vitest";
import { add, countPlaywright, countVitest } from "./results.mjs";

const file = (status, ...tests) => ({
  name: "some.test.ts",
  status,
  assertionResults: tests.map((test) => ({ status: test, fullName: "a test" })),
});

describe("the last line of npm test", () => {
  it("counts what passed and what failed", () => {
    const count = countVitest(
      { testResults: [file("failed", "passed", "failed"), file("passed", "passed")] },
      1,
    );
    expect(count).toMatchObject({ passed: 2, failed: 1 });
  });

  it("counts a test file that could not be loaded as a failure", () => {
    const count = countVitest({ testResults: [file("failed"), file("passed", "passed")] }, 1);
    expect(count).toMatchObject({ passed: 1, failed: 1 });
  });

  it("names a skipped test, and counts it as a failure in continuous integration", () => {
    const report = { testResults: [file("passed", "passed", "pending")] };
    expect(countVitest(report, 0)).toMatchObject({ passed: 1, failed: 0, problems: ["pending: a test"] });
    expect(countVitest(report, 0, { strict: true })).toMatchObject({ passed: 1, failed: 1 });
  });

  it("counts a run without any test as a failure", () => {
    expect(countVitest({ testResults: [] }, 0).failed).toBe(1);
    expect(countPlaywright({ stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0 } }, 0).failed).toBe(
      1,
    );
  });

  it("counts a run that ended badly although every test passed as a failure", () => {
    expect(countVitest({ testResults: [file("passed", "passed")] }, 1)).toMatchObject({
      passed: 1,
      failed: 1,
    });
  });

  it("counts a missing report as a failure", () => {
    expect(countVitest(null, 0).failed).toBe(1);
    expect(countPlaywright(null, 0).failed).toBe(1);
  });

  it("counts flaky and skipped browser tests as failures", () => {
    const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 1 };
    expect(countPlaywright({ stats, errors: [] }, 1)).toMatchObject({ passed: 4, failed: 3 });
  });

  it("adds up over all suites", () => {
    expect(
      add([
        { passed: 2, failed: 1 },
        { passed: 3, failed: 0 },
      ]),
    ).toEqual({ passed: 5, failed: 1 });
  });
});
