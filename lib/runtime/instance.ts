import { hostname } from "node:os";
import { nanoid } from "nanoid";

/** A name for this server process that tells where it runs, so that others can see whether it still does. */
export function newInstanceId(): string {
  return `${hostname().replaceAll("/", "-")}/${String(process.pid)}/${nanoid(10)}`;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Whether `owner` was a process of this machine that runs no more; says no whenever that is not certain. */
export function isDeadNeighbour(owner: string, self: string): boolean {
  const [host, pid] = owner.split("/");
  const [ownHost, ownPid] = self.split("/");
  if (owner === self || host !== ownHost || !pid || !/^\d+$/.test(pid)) return false;
  // A restarted container gives out the same number again: then the one before is gone.
  if (pid === ownPid) return !owner.endsWith(self.split("/")[2] ?? "");
  return !isRunning(Number(pid));
}
