import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchWorkspace } from "./content";

/** Runs git apart from this machine's settings; throws with its message when it fails. */
export function git(folder: string, args: readonly string[], input?: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", args, {
      cwd: folder,
      env: {
        NODE_ENV: "production",
        PATH: process.env["PATH"],
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_TERMINAL_PROMPT: "0",
        GIT_AUTHOR_NAME: "Bench",
        GIT_AUTHOR_EMAIL: "bench@localhost",
        GIT_COMMITTER_NAME: "Bench",
        GIT_COMMITTER_EMAIL: "bench@localhost",
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let output = "";
    let problem = "";
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    child.stderr.on("data", (chunk) => (problem += String(chunk)));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`git ${args[0] ?? ""} failed: ${problem}`));
    });
    child.stdin.end(input);
  });
}

function data(text: string): string {
  return `data ${String(Buffer.byteLength(text))}\n${text}\n`;
}

/**
 * A fast-import stream with what a bulk push writes: a commit a workspace, its branch, and the target branch.
 * Without branches: one commit with everything on the target branch.
 */
export function fastImportStream(workspaces: readonly BenchWorkspace[], withBranches = true): Buffer {
  const parts: string[] = [];
  workspaces.forEach(({ slug, files }, index) => {
    if (withBranches || index === 0) {
      parts.push(`commit refs/heads/main\nmark :${String(index + 1)}\n`);
      parts.push(`committer Bench <bench@localhost> ${String(1_790_000_000 + index)} +0000\n`);
      parts.push(data(`Version of ${slug}`));
      if (index > 0) parts.push(`from :${String(index)}\n`);
    }
    for (const [path, text] of files) parts.push(`M 100644 inline workspaces/${slug}/${path}\n${data(text)}`);
    if (withBranches) parts.push(`\nreset refs/heads/prismeai/${slug}/main\nfrom :${String(index + 1)}\n\n`);
  });
  if (!withBranches) parts.push("\n");
  parts.push(`reset refs/tags/v1\nfrom :${String(withBranches ? workspaces.length : 1)}\n\ndone\n`);
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

/** A stream that goes on from the target branch: so many commits, each with a change of one of these workspaces. */
export function historyStream(workspaces: readonly BenchWorkspace[], commits: number): Buffer {
  const parts: string[] = [];
  for (let number = 1; number <= commits; number++) {
    const workspace = workspaces[number % workspaces.length];
    const text = `${workspace?.files.get("index.yml") ?? ""}# change ${String(number)}\n`;
    parts.push(
      `commit refs/heads/main\ncommitter Bench <bench@localhost> ${String(1_790_100_000 + number)} +0000\n`,
    );
    parts.push(data(`Change ${String(number)}`));
    if (number === 1) parts.push("from refs/heads/main^0\n");
    parts.push(`M 100644 inline workspaces/${workspace?.slug ?? ""}/index.yml\n${data(text)}\n`);
  }
  return Buffer.from(`${parts.join("")}done\n`);
}

/** Milliseconds that git needs to take in the stream and push all of its refs at once. */
export async function measureNativePush(stream: Buffer, url: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-bench-"));
  try {
    await git(folder, ["init", "--quiet", "--bare", "--initial-branch=main"]);
    const started = performance.now();
    await git(folder, ["fast-import", "--quiet", "--done"], stream);
    await git(folder, ["push", "--quiet", "--atomic", url, "refs/*:refs/*"]);
    return performance.now() - started;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds that git needs to clone with a checkout. */
export async function measureNativeClone(url: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-bench-"));
  try {
    const started = performance.now();
    await git(folder, ["clone", "--quiet", "--single-branch", url, "clone"]);
    return performance.now() - started;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of a fetch that brings nothing, into a clone made before. */
export async function measureNativeNothing(url: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-bench-"));
  try {
    await git(folder, ["clone", "--quiet", "--bare", url, "clone"]);
    const clone = join(folder, "clone");
    const started = performance.now();
    await git(clone, ["fetch", "--quiet", url, "refs/heads/main"]);
    return performance.now() - started;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Milliseconds to pull a commit that changes one file, into a clone with a checkout made before. A colleague's clone
 * makes and pushes the commit.
 */
export async function measureNativePull(url: string, slug: string, text: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-bench-"));
  try {
    await git(folder, ["clone", "--quiet", "--single-branch", url, "reader"]);
    await git(folder, ["clone", "--quiet", "--single-branch", url, "writer"]);
    const writer = join(folder, "writer");
    await writeFile(join(writer, "workspaces", slug, "index.yml"), text);
    await git(writer, ["commit", "--quiet", "--all", "--message", `Change ${slug}`]);
    await git(writer, ["push", "--quiet"]);
    const started = performance.now();
    await git(join(folder, "reader"), ["pull", "--quiet", "--ff-only"]);
    return performance.now() - started;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds to fetch, commit one changed file of one workspace and push, from a clone made before. */
export async function measureNativeSingle(url: string, slug: string, text: string): Promise<number> {
  const clone = await SingleClone.of(url);
  try {
    return await clone.push(slug, text);
  } finally {
    await clone.close();
  }
}

/** A bare clone that stays, as that of somebody who pushes again and again. */
export class SingleClone {
  private constructor(
    private readonly folder: string,
    private readonly url: string,
  ) {}

  static async of(url: string): Promise<SingleClone> {
    const folder = await mkdtemp(join(tmpdir(), "switchyard-bench-"));
    await git(folder, ["clone", "--quiet", "--bare", url, "clone"]);
    return new SingleClone(folder, url);
  }

  /** Milliseconds to fetch, commit one changed file of one workspace and push it to the target and to its branch. */
  push(slug: string, text: string): Promise<number> {
    const branch = `refs/heads/prismeai/${slug}/main`;
    return this.#change(slug, text, ["refs/heads/main", `${branch}:${branch}`]);
  }

  /** The same as a colleague does it, who knows of no branch but the target. */
  pushToTarget(slug: string, text: string): Promise<number> {
    return this.#change(slug, text, ["refs/heads/main"]);
  }

  async #change(slug: string, text: string, refs: readonly string[]): Promise<number> {
    const clone = join(this.folder, "clone");
    const started = performance.now();
    await git(clone, ["fetch", "--quiet", this.url, "+refs/heads/main:refs/heads/main"]);
    const stream = [
      `commit refs/heads/main\ncommitter Bench <bench@localhost> ${String(1_800_000_000)} +0000\n`,
      data(`Change ${slug}`),
      `from refs/heads/main^0\nM 100644 inline workspaces/${slug}/index.yml\n${data(text)}\n`,
      `reset refs/heads/prismeai/${slug}/main\nfrom refs/heads/main\n\ndone\n`,
    ].join("");
    await git(clone, ["fast-import", "--quiet", "--done"], Buffer.from(stream));
    await git(clone, ["push", "--quiet", "--atomic", this.url, ...refs]);
    return performance.now() - started;
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A clone that has one workspace checked out, as that of somebody who works on it. */
export class WorkspaceClone {
  private constructor(private readonly folder: string) {}

  static async of(url: string, slug: string): Promise<WorkspaceClone> {
    const folder = await mkdtemp(join(tmpdir(), "switchyard-bench-"));
    await git(folder, ["clone", "--quiet", "--single-branch", "--no-checkout", url, "clone"]);
    const clone = join(folder, "clone");
    await git(clone, ["sparse-checkout", "set", "--cone", `workspaces/${slug}`]);
    await git(clone, ["checkout", "--quiet", "main"]);
    return new WorkspaceClone(folder);
  }

  /** Milliseconds to pull what is new. */
  async pull(): Promise<number> {
    const started = performance.now();
    await git(join(this.folder, "clone"), ["pull", "--quiet", "--ff-only"]);
    return performance.now() - started;
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
