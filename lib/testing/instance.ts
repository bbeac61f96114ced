import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export const ADMIN = { email: "admin@larkfield.example", password: "correct-horse-battery-staple" };
export const TOKEN = "at:e2e-bootstrap-token-0123456789";

// A checkout that was not built yet builds first.
const BUILT_WITHIN_MS = 900_000;
const READY_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 20_000;

export interface Instance {
  url: string;
  dataDir: string;
  /** The server's process. */
  pid: number;
  /** What the server printed so far. */
  output: () => string;
  /** Ends it as an operator would; with SIGKILL, as a power cut would. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("No free port.");
  return address.port;
}

/** This process's environment without what would configure Switchyard. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const own = /^(WORKSPACES?_|SWITCHYARD_|STARTUP_|EVENTS_|DATABASE_URL|SUPER_ADMIN_|PORT$|HOST$|NODE_ENV$)/;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  return { ...Object.fromEntries(kept), NODE_ENV: "production" };
}

async function untilReady(url: string, child: ChildProcess, output: () => string): Promise<void> {
  let deadline = Date.now() + BUILT_WITHIN_MS;
  let starting = false;
  while (Date.now() < deadline) {
    if (!starting && output().includes("Starting Switchyard")) {
      starting = true;
      deadline = Date.now() + READY_WITHIN_MS;
    }
    if (child.exitCode !== null || child.signalCode !== null) break;
    const answer = await fetch(`${url}/v2/readiness`).catch(() => null);
    if (answer?.ok) return;
    await sleep(250);
  }
  throw new Error(`The server at ${url} did not become ready. It printed:\n${output()}`);
}

/** Starts a server of the built checkout with its own port and data folder, and waits until it is ready. */
export async function startInstance(
  options: { env?: Record<string, string>; dataDir?: string } = {},
): Promise<Instance> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "switchyard-e2e-")));
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    env: {
      ...cleanEnvironment(),
      PORT: String(port),
      HOST: "127.0.0.1",
      SWITCHYARD_DATA_DIR: dataDir,
      SWITCHYARD_BOOTSTRAP_EMAIL: ADMIN.email,
      SWITCHYARD_BOOTSTRAP_PASSWORD: ADMIN.password,
      SWITCHYARD_BOOTSTRAP_TOKEN: TOKEN,
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  child.stdout.on("data", (chunk) => (printed += String(chunk)));
  child.stderr.on("data", (chunk) => (printed += String(chunk)));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async (signal: NodeJS.Signals = "SIGTERM") => {
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
    await ended;
    clearTimeout(timer);
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await untilReady(url, child, () => printed);
  } catch (error) {
    await stop("SIGKILL");
    throw error;
  }
  return { url, dataDir, pid: child.pid ?? 0, output: () => printed, stop };
}
