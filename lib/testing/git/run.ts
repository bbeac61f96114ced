import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Nothing of the developer's own git configuration may change a test. */
export const GIT_ENVIRONMENT = {
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
  GIT_AUTHOR_NAME: "Pat Client",
  GIT_AUTHOR_EMAIL: "pat@example.com",
  GIT_COMMITTER_NAME: "Pat Client",
  GIT_COMMITTER_EMAIL: "pat@example.com",
  LC_ALL: "C",
};

/** Runs the git binary in a directory; answers its output without the last line break. Throws with its complaint. */
export function git(cwd: string, ...args: string[]): Promise<string> {
  return gitWithInput(cwd, null, ...args);
}

/** As `git`, with bytes on its standard input. */
export async function gitWithInput(
  cwd: string,
  input: Buffer | string | null,
  ...args: string[]
): Promise<string> {
  return (await gitOutput(cwd, input, ...args)).replace(/\n$/, "");
}

/** As `git`, with its whole output. */
export function gitOutput(cwd: string, input: Buffer | string | null, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      "git",
      ["-c", "init.defaultBranch=main", "-c", "gc.auto=0", "-c", "protocol.file.allow=always", ...args],
      { cwd, env: { ...process.env, ...GIT_ENVIRONMENT }, maxBuffer: 256 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`git ${args.join(" ")}: ${stderr || error.message}`, { cause: error }));
        else resolve(stdout);
      },
    );
    // A command that reads nothing closes its input at once; its exit code tells whether that was a failure.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input ?? "");
  });
}

/** Writes files below a directory; null removes one. */
export async function writeFiles(
  directory: string,
  files: Record<string, string | Buffer | null>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const at = join(directory, path);
    if (content === null) {
      await git(directory, "rm", "-q", "-r", "--", path);
      continue;
    }
    await mkdir(dirname(at), { recursive: true });
    await writeFile(at, content);
  }
}
