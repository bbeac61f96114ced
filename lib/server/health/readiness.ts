import { randomUUID } from "node:crypto";
import { mkdir, rm, stat, statfs, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { AppError } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import type { Engine } from "../engine";

const Part = z.object({ status: z.enum(["ok", "failed", "pending"]), message: z.string().optional() });
type Part = z.infer<typeof Part>;

/** `GET /v2/readiness`: whether this process can serve, part by part. */
export const Readiness = z.object({
  status: z.enum(["ok", "failed"]),
  database: Part,
  git: Part,
  disk: Part,
  startupImport: Part,
});
export type Readiness = z.infer<typeof Readiness>;

const LEAST_FREE_BYTES = 64 * 1024 * 1024;

async function part(check: () => Promise<string | undefined>): Promise<Part> {
  try {
    const message = await check();
    return { status: "ok", ...(message === undefined ? {} : { message }) };
  } catch (error) {
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

async function checkDisk(dataDir: string): Promise<undefined> {
  await mkdir(dataDir, { recursive: true });
  const probe = path.join(dataDir, `.readiness-${randomUUID()}`);
  await writeFile(probe, "");
  await rm(probe);
  const { bavail, bsize } = await statfs(dataDir);
  if (bavail * bsize < LEAST_FREE_BYTES)
    throw new AppError("Unavailable", "Less than 64 MiB are free in the data folder.");
  return undefined;
}

/** Looks at each part. A failed import at start is told, and keeps nobody from being served. */
export async function readiness(engine: Pick<Engine, "store" | "env" | "startup">): Promise<Readiness> {
  const [database, git, disk] = await Promise.all([
    part(async () => {
      await engine.store.ping();
      return undefined;
    }),
    part(() => checkGit(engine)),
    part(() => checkDisk(engine.env.dataDir)),
  ]);
  const status = [database, disk].every((one) => one.status === "ok") ? "ok" : "failed";
  return { status, database, git, disk, startupImport: startupPart(engine) };
}

function startupPart({ startup }: Pick<Engine, "startup">): Part {
  const { status, groups } = startup;
  if (status === "pending" || status === "running") return { status: "pending", message: "It is under way." };
  if (status !== "failed") return { status: "ok" };
  const troubled = groups.filter((group) => group.status === "aborted");
  const names = troubled.map(({ group }) => group ?? "all workspaces").join(", ");
  return { status: "failed", message: `The import at start failed for ${names || "every group"}.` };
}
