import type { Figures } from "@/lib/store/contract";
import type { Engine } from "../engine";
import { metrics } from "./metrics";

type MetricsEngine = Pick<Engine, "store" | "runner">;

function gauge(name: string, help: string, samples: readonly [labels: string, value: number][]): string {
  const lines = samples.map(([labels, value]) => `${name}${labels} ${String(value)}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines].join("\n");
}

const byKind = (counts: Record<string, number>) =>
  Object.entries(counts).map(([kind, count]): [string, number] => [
    `{kind="${kind.replace(/[^\w-]/g, "_")}"}`,
    count,
  ]);

async function timed<T>(work: () => Promise<T>): Promise<{ value: T | null; seconds: number }> {
  const start = performance.now();
  try {
    const value = await work();
    return { value, seconds: (performance.now() - start) / 1000 };
  } catch {
    // Metrics are read most when something is broken; that the database is, is what they tell then.
    return { value: null, seconds: (performance.now() - start) / 1000 };
  }
}

function storeGauges(figures: Figures): string[] {
  const { locks, operations, workspaces, dirtyWorkspaces, lastEventAt } = figures;
  const since = lastEventAt === null ? 0 : (Date.now() - Date.parse(lastEventAt)) / 1000;
  return [
    gauge("switchyard_locks_held", "Write locks that stand, by kind.", byKind(locks)),
    gauge(
      "switchyard_operations_running",
      "Operations that run in any process, by kind.",
      byKind(operations),
    ),
    gauge("switchyard_workspaces", "Workspaces of this instance.", [["", workspaces]]),
    gauge("switchyard_workspaces_dirty", "Workspaces with changes that no repository has.", [
      ["", dirtyWorkspaces],
    ]),
    gauge("switchyard_seconds_since_last_event", "Age of the newest event.", [["", Math.max(0, since)]]),
  ];
}

/** Everything counted and measured, in the text format of Prometheus. */
export async function exposition(engine: MetricsEngine): Promise<string> {
  const { registry } = metrics();
  const { value: figures, seconds } = await timed(() => engine.store.figures());
  return [
    (await registry.metrics()).trimEnd(),
    gauge("switchyard_database_up", "Whether the database answers.", [["", figures ? 1 : 0]]),
    gauge("switchyard_database_seconds", "Time the database took for these figures.", [["", seconds]]),
    gauge("switchyard_operations_here", "Operations that run in this process.", [
      ["", engine.runner.running().length],
    ]),
    ...(figures ? storeGauges(figures) : []),
    "",
  ].join("\n");
}
