import { existsSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { Client } from "pg";

/** The server of a database, seen as one who works as well. */
export interface DatabaseServer {
  /** Finds the processes that serve the connections there are. */
  look(): Promise<void>;
  /** Milliseconds that their processors have worked. */
  work: () => number;
  close(): Promise<void>;
}

function workOf(pid: number): number {
  const path = `/proc/${String(pid)}/schedstat`;
  return existsSync(path) ? Number(readFileSync(path, "utf8").split(" ")[0]) / 1e6 : 0;
}

/** The server at that address; SQLite has none, and neither has one on another machine. */
export async function databaseServer(url: string): Promise<DatabaseServer> {
  if (url.startsWith("file:"))
    return { look: () => Promise.resolve(), work: () => 0, close: () => Promise.resolve() };
  const client = new Client({ connectionString: url });
  await client.connect();
  let pids: number[] = [];
  return {
    async look() {
      const { rows } = await client.query<{ pid: number }>(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
      );
      pids = rows.map(({ pid }) => pid);
    },
    work: () => pids.reduce((sum, pid) => sum + workOf(pid), 0),
    close: () => client.end(),
  };
}

/** What the processors of the machine did, in hundredths of a second since it started; null where nobody says. */
export function processors(): { all: number; idle: number; stolen: number; own: number } | null {
  if (!existsSync("/proc/stat")) return null;
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, stolen = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const own = process.cpuUsage();
  return {
    all: user + nice + system + idle + iowait + irq + softirq + stolen,
    idle: idle + iowait,
    stolen,
    own: (own.user + own.system) / 10_000,
  };
}

/** What else the processors did since: work for other machines of the host, and for other programs of this one. */
export function othersSince(before: ReturnType<typeof processors>, disturbed: number): string {
  const after = processors();
  if (!before || !after) return "";
  const share = (name: "all" | "idle" | "stolen" | "own") =>
    (100 * (after[name] - before[name])) / Math.max(1, after.all - before.all);
  const others = Math.max(0, 100 - share("idle") - share("stolen") - share("own"));
  const precedence = getPriority() < 0 ? ", after this one" : "";
  return [
    `Meanwhile the host gave ${share("stolen").toFixed(0)} % of the processors' time to other machines, and`,
    `${String(disturbed)} requests that met it were made again; other programs here, a server of the database among them,`,
    `took ${others.toFixed(0)} %${precedence}.`,
  ].join("\n");
}
