import { randomUUID } from "node:crypto";
import type {
  Readiness,
  StartupPart,
  StartupGroupView,
  ReadinessPart,
  ReadinessService,
} from "@/lib/domain/wire/readiness";
import { mkdir, rm, stat, statfs, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { AppError, known } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import { sqlitePath } from "@/lib/store";
import type { Engine } from "../engine";
import type { Env } from "../env/types";
import type { StartupGroup } from "../startup-state";

const LEAST_FREE_BYTES = 64 * 1024 * 1024;

async function part(check: () => Promise<string | undefined>): Promise<ReadinessPart> {
  try {
    const message = await check();
    return { status: "ok", ...(message === undefined ? {} : { message }) };
  } catch (thrown) {
    const error = known(thrown);
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return { status: "failed", message: error instanceof AppError ? error.message : `It failed (${code}).` };
  }
}

function placeOnDisk({ type, dirpath, url }: Repository): string | null {
  if (type === "filesystem") return dirpath;
  return url.startsWith("file://") ? fileURLToPath(url) : null;
}

/** Repositories on this machine's disk must be there; those on a network are asked when they are used. */
async function checkGit(engine: Pick<Engine, "env">): Promise<string | undefined> {
  const missing: string[] = [];
  for (const repository of engine.env.platformRepositories) {
    const place = placeOnDisk(repository);
    if (place !== null && !(await stat(place).catch(() => null))) missing.push(repository.id);
  }
  if (missing.length > 0)
    throw new AppError("Unavailable", `The directory of ${missing.join(", ")} is not there.`);
  return undefined;
}

/** The folders that this process writes to: of its data, and of the database where that is a file. */
function folders({ dataDir, databaseUrl }: Pick<Env, "dataDir" | "databaseUrl">): string[] {
  const file = databaseUrl.startsWith("file:") ? path.dirname(sqlitePath(databaseUrl)) : dataDir;
  return [...new Set([dataDir, path.resolve(file)])];
}

async function checkDisk(env: Pick<Env, "dataDir" | "databaseUrl">): Promise<undefined> {
  await mkdir(env.dataDir, { recursive: true });
  for (const folder of folders(env)) {
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < LEAST_FREE_BYTES)
      throw new AppError(
        "Unavailable",
        `Less than 64 MiB are free in the ${folder === env.dataDir ? "data" : "database's"} folder.`,
      );
    const probe = path.join(folder, `.readiness-${randomUUID()}`);
    await writeFile(probe, "");
    await rm(probe);
  }
  return undefined;
}

/** Looks at each part. A failed import at start is told, and keeps nobody from being served. */
export async function readiness(
  engine: Pick<Engine, "store" | "env" | "startup" | "shutdown">,
): Promise<Readiness> {
  const [database, git, disk] = await Promise.all([
    part(async () => {
      await engine.store.ping();
      return undefined;
    }),
    part(() => checkGit(engine)),
    part(() => checkDisk(engine.env)),
  ]);
  const stopping: ReadinessPart = { status: "failed", message: "The server is shutting down." };
  const parts = {
    database,
    git,
    disk,
    startupImport: startupPart(engine),
    ...(engine.shutdown.asked.aborted ? { process: stopping } : {}),
  };
  const needed = [database, disk, ...(parts.process ? [parts.process] : [])];
  const status = needed.every((one) => one.status === "ok") ? "ready" : "error";
  const services = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, serviceOf(part)]));
  return { status, services, ...parts };
}

const SERVICE = { ok: "ready", failed: "error", pending: "pending" } as const;

function serviceOf({ status, message, groups }: StartupPart): ReadinessService {
  return {
    status: SERVICE[status],
    ...(message === undefined ? {} : { message }),
    ...(groups === undefined ? {} : { groups }),
  };
}

const nameOf = (group: string | null) => (group === null ? "all workspaces" : `group ${group}`);

/** Why a group stands as it does. Readiness is for everyone, so what the remote said is left to the operation. */
function reasonOf({ status, error, after }: StartupGroup): string | undefined {
  if (status === "skipped")
    return `Skipped, because the import of ${nameOf(after ?? null)} failed before it.`;
  if (error === undefined) return undefined;
  if (status === "done") return `Done, but not every workspace was imported (${error}).`;
  return status === "aborted" ? `It failed (${error}).` : undefined;
}

function viewOf(state: StartupGroup): StartupGroupView {
  const { group, status, error, operationId } = state;
  const message = reasonOf(state);
  return {
    group,
    status: status === "aborted" ? "failed" : status,
    ...(message === undefined ? {} : { message }),
    ...(error === undefined ? {} : { error }),
    ...(operationId === undefined ? {} : { operationId }),
  };
}

function startupPart({ startup }: Pick<Engine, "startup">): StartupPart {
  if (startup.status === "none") return { status: "ok" };
  const groups = startup.groups.map(viewOf);
  if (startup.status === "pending" || startup.status === "running")
    return { status: "pending", message: "It is under way.", groups };
  if (startup.status === "done") return { status: "ok", groups };
  const named = (status: string) =>
    groups.filter((one) => one.status === status).map(({ group }) => nameOf(group));
  const [failed, skipped] = [named("failed"), named("skipped")];
  const message = [
    failed.length > 0
      ? `The import at start failed for ${failed.join(", ")}.`
      : "The import at start failed.",
    ...(skipped.length > 0 ? [`Skipped after that: ${skipped.join(", ")}.`] : []),
  ].join(" ");
  return { status: "failed", message, groups };
}
