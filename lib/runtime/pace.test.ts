import { describe, expect, test } from "vitest";
import { breathe, Pace } from "./pace";

/** Holds the processor for some milliseconds, as parsing does. */
function work(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end;);
}

async function job(name: string, log: string[]): Promise<void> {
  for (let step = 0; step < 6; step++) {
    work(6);
    log.push(name);
    await breathe();
  }
}

describe("Long work", () => {
  test("gives a turn to whatever else waits, again and again", async () => {
    let turns = 0;
    let isOver = false;
    const count = () => {
      if (isOver) return;
      turns++;
      setImmediate(count);
    };
    setImmediate(count);
    await job("a", []);
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(2);
  });

  test("of several operations goes on in turns, none of them last", async () => {
    const log: string[] = [];
    await Promise.all([job("a", log), job("b", log), job("c", log)]);
    // Each has its second half only after the others had their first.
    const half = (name: string) => log.flatMap((entry, index) => (entry === name ? [index] : []))[3] ?? 0;
    for (const name of ["a", "b", "c"])
      for (const other of ["a", "b", "c"]) expect(log.slice(0, half(name) + 1)).toContain(other);
  });

  test("stops with the reason of its signal", async () => {
    const controller = new AbortController();
    const pace = new Pace(controller.signal);
    await pace.rest();
    controller.abort(new Error("cancelled by hand"));
    await expect(pace.rest()).rejects.toThrow("cancelled by hand");
  });
});
