import type { Scenario } from "./git-oracle";
import type { Files } from "./memory-objects";

/** The smallest scenario, found by leaving paths out, that still fails. */
export async function shrink(
  scenario: Scenario,
  fails: (smaller: Scenario) => Promise<boolean>,
): Promise<Scenario> {
  let current = scenario;
  for (const path of allPaths(scenario)) {
    const smaller = without(current, path);
    if (await fails(smaller)) current = smaller;
  }
  return current;
}

function allPaths({ base, ours, theirs }: Scenario): string[] {
  return [...new Set([...Object.keys(base ?? {}), ...Object.keys(ours), ...Object.keys(theirs)])];
}

function without({ base, ours, theirs }: Scenario, path: string): Scenario {
  const drop = (files: Files): Files =>
    Object.fromEntries(Object.entries(files).filter(([name]) => name !== path));
  return { base: base && drop(base), ours: drop(ours), theirs: drop(theirs) };
}
