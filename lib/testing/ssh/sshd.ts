import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** What both kinds of test servers need to know. */
export interface SshSetup {
  /** A folder of the server's own. */
  folder: string;
  /** Private host keys. */
  hostKeys: string[];
  /** The public key that may sign in. */
  authorized: string;
  /** Passes GIT_PROTOCOL on, as hosting services do; sshd by itself does not. */
  acceptsProtocol: boolean;
  /** How many services a connection may run at once. */
  maxSessions?: number;
  /** What the account's shell prints before it runs a command. */
  prints?: string;
  /** Lets the key run git's own services and nothing else, through git-shell (OpenSSH's server only). */
  gitShell?: boolean;
  port: number;
}

export interface RunningSsh {
  port: number;
  user: string;
  stop(): Promise<void>;
}

const PATHS = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd", "/opt/homebrew/sbin/sshd"];

/** The OpenSSH server of this machine, if it has one. */
export function findSshd(): string | undefined {
  return PATHS.find((path) => existsSync(path));
}

/** Runs OpenSSH's server for the user of the tests. */
export async function startSshd(program: string, setup: SshSetup): Promise<RunningSsh> {
  const { folder, hostKeys, authorized, acceptsProtocol } = setup;
  const port = setup.port || (await freePort());
  const user = userInfo().username;
  // Started by root it wants a folder to lock itself into.
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const files = await Promise.all(
    hostKeys.map(async (key, index) => {
      const file = join(folder, `host-${String(index)}`);
      await writeFile(file, key, { mode: 0o600 });
      return file;
    }),
  );
  const keys = join(folder, "authorized_keys");
  const command = 'command="git shell -c \\"$SSH_ORIGINAL_COMMAND\\"",restrict ';
  await writeFile(keys, `${setup.gitShell ? command : ""}${authorized}\n`, { mode: 0o600 });
  const config = join(folder, "sshd_config");
  await writeFile(
    config,
    [
      `Port ${String(port)}`,
      "ListenAddress 127.0.0.1",
      ...files.map((file) => `HostKey ${file}`),
      `AuthorizedKeysFile ${keys}`,
      `PidFile ${join(folder, "sshd.pid")}`,
      "StrictModes no",
      "UsePAM no",
      "UseDNS no",
      "PermitRootLogin yes",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "MaxStartups 200",
      "MaxAuthTries 20",
      ...(acceptsProtocol ? ["AcceptEnv GIT_PROTOCOL"] : []),
      ...(setup.maxSessions === undefined ? [] : [`MaxSessions ${String(setup.maxSessions)}`]),
      ...(setup.prints === undefined
        ? []
        : [`ForceCommand echo '${setup.prints}'; eval "$SSH_ORIGINAL_COMMAND"`]),
      ...(hasPenalties(program) ? ["PerSourcePenalties no"] : []),
    ].join("\n"),
  );
  const child = spawn(program, ["-D", "-e", "-f", config], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  await untilListening(port, child, () => said);
  return {
    port,
    user,
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
    },
  };
}

/** From 9.8 on a server shuts out whoever fails to sign in; the option is unknown before. */
function hasPenalties(program: string): boolean {
  let text = "";
  try {
    text = execFileSync(program, ["-V"], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    text = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
  }
  const [, major = "0", minor = "0"] = /OpenSSH_(\d+)\.(\d+)/.exec(text) ?? [];
  return Number(major) > 9 || (Number(major) === 9 && Number(minor) >= 8);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("No free port.");
  return address.port;
}

async function untilListening(port: number, child: ChildProcess, said: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) break;
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("data", () => resolve(true));
      socket.once("error", () => resolve(false));
      socket.once("close", () => resolve(false));
      socket.setTimeout(2000, () => resolve(false));
    }).finally(() => undefined);
    if (isUp) return;
    await sleep(25);
  }
  child.kill("SIGKILL");
  throw new Error(`sshd did not start: ${said()}`);
}
