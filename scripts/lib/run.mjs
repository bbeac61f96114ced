import { spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a program in the project's folder without a terminal to read from and answers its exit status.
 * Signals sent to us reach it as well. With `quiet`, its output is kept and answered instead of shown; with `label`,
 * each of its lines begins with that, so that two programs can be told apart that run side by side.
 */
export function run(command, args, { env = {}, quiet = false, label, timeoutMs } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: quiet || label ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
      ...(timeoutMs ? { timeout: timeoutMs, killSignal: "SIGKILL" } : {}),
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      if (label && stream) showLines(stream, label);
      else stream?.on("data", (chunk) => (output += String(chunk)));
    }
    const forward = (signal) => child.kill(signal);
    for (const signal of FORWARDED) process.on(signal, forward);
    const done = () => {
      for (const signal of FORWARDED) process.off(signal, forward);
    };
    child.on("error", (error) => {
      done();
      if (error.code === "ENOENT") resolve({ status: 127, output: `${command} is not installed.` });
      else reject(error);
    });
    child.on("close", (code, signal) => {
      done();
      resolve({ status: code ?? (signal === "SIGINT" ? 130 : 143), output });
    });
  });
}

function showLines(stream, label) {
  createInterface({ input: stream }).on("line", (line) => {
    process.stdout.write(`${label} ${line}\n`);
  });
}

/** Runs a script of an installed package with this very Node. */
export function runNode(script, args, options) {
  return run(process.execPath, [script, ...args], options);
}

/** npm, by the script that runs us when npm started us, so that no other npm on the path is used by accident. */
export function runNpm(args, options) {
  const npm = process.env.npm_execpath;
  if (npm && /\.c?js$/.test(npm)) return runNode(npm, args, options);
  return run(process.platform === "win32" ? "npm.cmd" : "npm", args, options);
}
