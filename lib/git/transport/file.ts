import { spawn, type ChildProcess } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { AppError } from "@/lib/domain/error";
import { remoteText } from "../protocol/remote-text";
import { otherHash } from "../protocol/lines";
import { Deadlines, slices } from "@/lib/net/deadlines";
import type { RemoteTimeouts } from "@/lib/net/deadlines";
import type { Exchange, GitTransport } from "./transport";

const STOP_MS = 2000;

export interface FileTransportOptions {
  path: string;
  timeouts: RemoteTimeouts;
  signal: AbortSignal;
}

/** A bare repository on a mounted volume, spoken to through git's own services; no shell, no user's configuration. */
export class FileTransport implements GitTransport {
  readonly isStateless = true;

  constructor(private readonly options: FileTransportOptions) {}

  async *exchange(exchange: Exchange): AsyncGenerator<Buffer, void, undefined> {
    const { path, signal, timeouts } = this.options;
    signal.throwIfAborted();
    await this.#check();
    const child = spawn("git", commandLine(exchange, path), {
      env: safeEnvironment(exchange),
      stdio: ["pipe", "pipe", "pipe"],
      signal,
    });
    let ended: AppError | undefined;
    const deadlines = new Deadlines("The repository's git process", timeouts, (error) => {
      ended = error;
      stop(child);
    });
    child.once("exit", () => {
      if (ended ?? signal.aborted) letGo(child);
    });
    const finished = exitOf(child);
    const complaint = collectText(child.stderr);
    // Awaited below; until then their failure must not count as unhandled.
    finished.catch(() => undefined);
    complaint.catch(() => undefined);
    try {
      deadlines.connected();
      // The process may end before it read everything; its exit code tells.
      child.stdin.on("error", () => undefined);
      Readable.from(
        slices(exchange.body ?? [], (bytes) => {
          deadlines.moved(bytes);
        }),
        { objectMode: false },
      ).pipe(child.stdin);
      let received = 0;
      for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
        deadlines.moved(chunk.length);
        received += chunk.length;
        if (received > exchange.maxBytes) {
          throw new AppError(
            "TooLarge",
            `The repository's response has more than ${String(exchange.maxBytes)} bytes.`,
          );
        }
        yield chunk;
      }
      const code = await finished;
      signal.throwIfAborted();
      if (ended) throw ended;
      if (code !== 0) throw processError(await complaint);
    } catch (error) {
      signal.throwIfAborted();
      throw ended ?? translate(error);
    } finally {
      deadlines.stop();
      if (child.exitCode === null) stop(child);
    }
  }

  close(): void {
    // Every exchange is a process of its own, so nothing stays open.
  }

  async #check(): Promise<void> {
    const { path } = this.options;
    const isDirectory = async (at: string) => {
      try {
        return (await stat(at)).isDirectory();
      } catch {
        return false;
      }
    };
    const git = (await isDirectory(join(path, "objects"))) || (await isDirectory(join(path, ".git")));
    if (git) return;
    throw new AppError(
      "RemoteNotFound",
      `There is no git repository at ${path}. Check the path, that the volume is mounted, and that the server can read it.`,
    );
  }
}

/** Git takes back what it has begun when it is asked to end; a hook that it waits for may keep it from that. */
function stop(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) {
    letGo(child);
    return;
  }
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  timer.unref();
  child.once("exit", () => {
    clearTimeout(timer);
  });
}

/** A hook may outlive git and keep its output open; nobody waits for that one any more. */
function letGo({ stdout, stderr }: ChildProcess): void {
  stdout?.destroy();
  stderr?.destroy();
}

function commandLine({ service, body }: Exchange, path: string): string[] {
  return [
    // The volume may belong to another user; the operator named this path.
    ...["-c", "safe.directory=*"],
    ...["-c", "uploadpack.allowFilter=true", "-c", "uploadpack.allowAnySHA1InWant=true"],
    service.slice("git-".length),
    "--stateless-rpc",
    ...(body ? [] : ["--advertise-refs"]),
    path,
  ];
}

/** Nothing of the server's environment reaches git and its hooks but where programs are found. */
function safeEnvironment({ version2 }: Exchange): NodeJS.ProcessEnv {
  return {
    NODE_ENV: process.env.NODE_ENV,
    PATH: process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin",
    HOME: "/nonexistent",
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    ...(version2 ? { GIT_PROTOCOL: "version=2" } : {}),
  };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
}

async function collectText(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (text.length < 4000) text += chunk.toString("utf8");
  }
  return remoteText(text);
}

function processError(complaint: string): AppError {
  if (/not (appear to be )?a git repository|does not exist/i.test(complaint)) {
    return new AppError("RemoteNotFound", `Git finds no repository at this path: ${complaint}`);
  }
  if (/object format/i.test(complaint)) return otherHash();
  return new AppError(
    "RemoteUnreachable",
    `Git could not read or write the repository: ${complaint || "no reason given"}. Check the permissions of its files.`,
  );
}

function translate(error: unknown): unknown {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") {
    return new AppError(
      "RemoteUnreachable",
      "A file:// repository needs the git program, which is not installed here. Install git, or use an https address.",
      undefined,
      { cause: error },
    );
  }
  return error;
}
