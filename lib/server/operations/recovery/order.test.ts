import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { OperationLog } from "@/lib/store/contract";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { runs } from "@/lib/testing/runs";
import { DONE } from "@/lib/testing/worlds/operations";
import type { Engine } from "../../engine";
import { systemViewer } from "../../viewer";
import { endsOperation, waitFor } from "../follow";
import { overriding } from "../leases";
import { createRunner } from "../runner";
import type { OperationRequest, Runner } from "../../runner";
import { RecoveryWatch } from "./recovery-watch";

const SILENT = { renewMs: 3_600_000, heartbeatMs: 3_600_000, cancelPollMs: 3_600_000 };
const RUNS = { numRuns: runs(15) };
const viewer = systemViewer("user", "order");

interface Process {
  runner: Runner;
  watch: RecoveryWatch;
}

/** Work that writes phases down, each of which the process can be made to wait for. */
const phases = (count: number): OperationRequest => ({
  kind: "pull",
  workspaceId: "platform",
  repositoryId: "company",
  input: {},
  purpose: "none",
  work: async ({ journal }) => {
    for (let phase = 0; phase < count; phase++) await journal.phase("step", { phase });
    return DONE;
  },
});

await describeOnDatabases("In whatever order processes come to the database", (database) => {
  let instance: TestInstance;

  beforeEach(async () => {
    instance = await startEngine({ database, env: { LOG_LEVEL: "silent" } });
  });

  afterEach(() => instance.close());

  /** A server process whose statements about operations wait for the scheduler. */
  function aProcess(
    scheduler: fc.Scheduler,
    name: string,
    deadMs: number,
    after: Partial<OperationLog>,
  ): Process {
    const turn = (what: string) => scheduler.schedule(Promise.resolve(), `${name} ${what}`);
    const { operations } = instance.engine.store;
    const waiting = overriding(operations, {
      start: (operation) => turn("start").then(() => operations.start(operation)),
      finish: (...given) => turn("finish").then(() => operations.finish(...given)),
      appendJournal: (...given) =>
        turn("phase").then(() => (after.appendJournal ?? operations.appendJournal)(...given)),
      takeOver: (...given) => turn("look").then(() => (after.takeOver ?? operations.takeOver)(...given)),
    });
    const store = { ...instance.engine.store, operations: waiting };
    const engine: Engine = { ...instance.engine, store, instanceId: `${name}/1/elsewhere` };
    const runner = createRunner(engine, SILENT);
    return { runner, watch: new RecoveryWatch({ ...engine, runner }, { deadMs }) };
  }

  /** Starts operations and looks for dead ones, all at once, until every operation has ended. */
  async function run(scheduler: fc.Scheduler, processes: readonly Process[], steps: readonly number[]) {
    const started = steps.map(async (step, index) => {
      const { runner } = processes[index % processes.length] ?? { runner: null };
      if (!runner) throw new Error("A run needs a process.");
      const { operationId } = await runner.start(viewer, phases(step));
      return operationId;
    });
    const looks = steps.flatMap(() => processes.map(({ watch }) => watch.look()));
    const ended = (async () => {
      const ids = await Promise.all(started);
      await Promise.all(looks);
      return Promise.all(ids.map((id) => waitFor(instance.engine, id, 20_000)));
    })();
    const operations = await scheduler.waitFor(ended);
    for (const { runner, watch } of processes) {
      await watch.close();
      const closing = runner.close(0);
      await scheduler.waitFor(closing);
    }
    return operations;
  }

  const steps = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 });

  it("a process never recovers its own living operation, even when its lease has ended", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), steps, async (scheduler, given) => {
        const one = aProcess(scheduler, "one", -1000, {});
        const operations = await run(scheduler, [one], given);
        expect(operations.map((operation) => operation?.outcome)).toEqual(given.map(() => "succeeded"));
      }),
      RUNS,
    );
  });

  it("no process recovers what another one runs while its lease lasts", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), steps, async (scheduler, given) => {
        const processes = ["one", "two"].map((name) => aProcess(scheduler, name, 30_000, {}));
        const operations = await run(scheduler, processes, given);
        expect(operations.map((operation) => operation?.outcome)).toEqual(given.map(() => "succeeded"));
      }),
      RUNS,
    );
  });

  it("an operation whose lease ended has one end, and its process goes on with nothing that was taken over", async () => {
    const { operations, events } = instance.engine.store;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), steps, async (scheduler, given) => {
        const lost = new Set<string>();
        const late: string[] = [];
        const after: Partial<OperationLog> = {
          takeOver: async (...call) => {
            const found = await operations.takeOver(...call);
            for (const { id, owner } of found) lost.add(`${id} ${owner}`);
            return found;
          },
          appendJournal: async (id, owner, ...rest) => {
            const isLost = [...lost].some((one) => one.startsWith(`${id} `) && !one.endsWith(` ${owner}`));
            const sequence = await operations.appendJournal(id, owner, ...rest);
            if (isLost) late.push(id);
            return sequence;
          },
        };
        const processes = ["one", "two"].map((name) => aProcess(scheduler, name, -1000, after));
        const ended = await run(scheduler, processes, given);
        expect(late).toEqual([]);
        for (const operation of ended) {
          const stored = await events.after("0", { operationId: operation?.id ?? "" }, 100);
          expect(stored.filter(endsOperation)).toHaveLength(1);
          expect(["succeeded", "interrupted"]).toContain(operation?.outcome);
        }
      }),
      RUNS,
    );
  });
});
