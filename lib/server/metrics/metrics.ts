import { subscribe } from "node:diagnostics_channel";
import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";
import { GIT_EXCHANGES, type ExchangeFigures } from "@/lib/git/transport/metered";

interface Metrics {
  registry: Registry;
  requests: Counter<"method" | "route" | "status">;
  requestSeconds: Histogram<"method" | "route">;
  operations: Counter<"kind" | "outcome">;
  operationSeconds: Histogram<"kind">;
  gitRequests: Counter<"service">;
  gitBytes: Counter<"direction">;
}

function create(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    requests: new Counter({
      name: "switchyard_http_requests_total",
      help: "Requests answered, by route and status.",
      labelNames: ["method", "route", "status"],
      registers,
    }),
    requestSeconds: new Histogram({
      name: "switchyard_http_request_duration_seconds",
      help: "Time until the answer began.",
      labelNames: ["method", "route"],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10, 60],
      registers,
    }),
    operations: new Counter({
      name: "switchyard_operations_total",
      help: "Operations that ended in this process.",
      labelNames: ["kind", "outcome"],
      registers,
    }),
    operationSeconds: new Histogram({
      name: "switchyard_operation_duration_seconds",
      help: "Time from the acceptance of an operation to its end.",
      labelNames: ["kind"],
      buckets: [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000],
      registers,
    }),
    gitRequests: new Counter({
      name: "switchyard_git_requests_total",
      help: "Requests to git remotes.",
      labelNames: ["service"],
      registers,
    }),
    gitBytes: new Counter({
      name: "switchyard_git_bytes_total",
      help: "Bytes exchanged with git remotes.",
      labelNames: ["direction"],
      registers,
    }),
  };
}

// On globalThis: the bundler may load this module more than once in one process.
const shared = globalThis as typeof globalThis & { switchyardMetrics?: Metrics };

/** The counters of this process. */
export function metrics(): Metrics {
  return (shared.switchyardMetrics ??= createAndListen());
}

function createAndListen(): Metrics {
  const created = create();
  collectDefaultMetrics({ register: created.registry, prefix: "switchyard_" });
  subscribe(GIT_EXCHANGES, (message) => {
    const { service, sentBytes, receivedBytes } = message as ExchangeFigures;
    created.gitRequests.inc({ service });
    created.gitBytes.inc({ direction: "sent" }, sentBytes);
    created.gitBytes.inc({ direction: "received" }, receivedBytes);
  });
  return created;
}

/** Counts one answered request. */
export function countHttp(method: string, route: string, status: number, seconds: number): void {
  const { requests, requestSeconds } = metrics();
  requests.inc({ method, route, status: String(status) });
  requestSeconds.observe({ method, route }, seconds);
}

/** Counts one operation that came to its end. */
export function countOperation(kind: string, outcome: string, seconds: number): void {
  const { operations, operationSeconds } = metrics();
  operations.inc({ kind, outcome });
  operationSeconds.observe({ kind }, seconds);
}
