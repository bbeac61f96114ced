import { existsSync } from "node:fs";
import process from "node:process";
import { run } from "./run.mjs";
import { say } from "./say.mjs";

const PATHS = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd", "/opt/homebrew/sbin/sshd"];

const find = () => PATHS.find((file) => existsSync(file));

/**
 * OpenSSH's server for the tests over SSH, installed where that can be done. Without it they run against a server inside
 * the test process, and this says so.
 */
export async function ensureSshd() {
  if (find()) return;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    say("Installing OpenSSH's server from the distribution's packages.");
    // It is started by the tests, on a port of their own; the package must not start it.
    const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
    await run("apt-get", ["update", "-qq"], { env, quiet: true, timeoutMs: 180_000 });
    const packages = ["install", "-y", "-qq", "--no-install-recommends", "openssh-server"];
    await run("apt-get", packages, { env, quiet: true, timeoutMs: 300_000 });
  }
  if (!find())
    say(
      "There is no sshd here: SSH is tested against a server inside the tests only. Debian: apt-get install openssh-server",
    );
}
