/**
 * How many tests passed and failed by Vitest's JSON report. A file that could not be loaded and a run that ended
 * badly although no test failed each count as a failure, so that none goes unnoticed. A skipped test is named;
 * in continuous integration (`strict`), where everything must be there, it counts as a failure too.
 */
export function countVitest(report, status, { strict = false } = {}) {
  if (!report) return { passed: 0, failed: 1, problems: ["Vitest wrote no report."] };
  const problems = [];
  let passed = 0;
  let failed = 0;
  for (const file of report.testResults) {
    const states = file.assertionResults.map((test) => test.status);
    passed += states.filter((state) => state === "passed").length;
    const notPassed = file.assertionResults.filter((test) => test.status !== "passed");
    for (const test of notPassed) problems.push(`${test.status}: ${test.fullName}`);
    const failures = notPassed.filter((test) => strict || test.status === "failed");
    failed += failures.length;
    if (file.status === "failed" && failures.length === 0) {
      failed++;
      problems.push(`could not be run: ${file.name}`);
    }
  }
  return settle({ passed, failed, problems }, "Vitest", status);
}

/** The same by Playwright's JSON report. */
export function countPlaywright(report, status) {
  if (!report) return { passed: 0, failed: 1, problems: ["Playwright wrote no report."] };
  const { expected, unexpected, flaky, skipped } = report.stats;
  const problems = (report.errors ?? []).map((error) => String(error.message ?? "error").split("\n")[0]);
  for (const [word, count] of Object.entries({ unexpected, flaky, skipped }))
    if (count > 0) problems.push(`${String(count)} ${word} browser tests`);
  const failed = unexpected + flaky + skipped + (report.errors ?? []).length;
  return settle({ passed: expected, failed, problems }, "Playwright", status);
}

function settle(count, name, status) {
  if (count.failed === 0 && count.passed === 0)
    return { ...count, failed: 1, problems: [`${name} ran no test.`] };
  if (count.failed === 0 && status !== 0)
    return { ...count, failed: 1, problems: [`${name} ended with status ${String(status)}.`] };
  return count;
}

export function add(counts) {
  return {
    passed: counts.reduce((sum, count) => sum + count.passed, 0),
    failed: counts.reduce((sum, count) => sum + count.failed, 0),
  };
}
