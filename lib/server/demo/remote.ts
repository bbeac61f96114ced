import { execFile } from "node:child_process";
import { mkdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { invariant } from "@/lib/domain/error";
import type { Env } from "../env/types";
import { demoRemote } from "./environment";
import type { DemoEdit } from "./fleet";

const BRANCH = "refs/heads/main";

/** Runs git on the demo's remote, as a colleague's git client would have, apart from this machine's settings. */
function git(
  folder: string,
  args: readonly string[],
  options: { input?: string; author?: string; index?: string } = {},
): Promise<string> {
  const name = options.author ?? "Switchyard demo";
  const email = `${name.toLowerCase().replaceAll(" ", ".")}@larkfield.example`;
  return new Promise((resolve, reject) => {
    const child = execFile(
      "git",
      ["--git-dir", folder, ...args],
      {
        env: {
          NODE_ENV: process.env.NODE_ENV,
          PATH: process.env["PATH"],
          GIT_CONFIG_NOSYSTEM: "1",
          GIT_CONFIG_GLOBAL: "/dev/null",
          GIT_AUTHOR_NAME: name,
          GIT_AUTHOR_EMAIL: email,
          GIT_COMMITTER_NAME: name,
          GIT_COMMITTER_EMAIL: email,
          ...(options.index ? { GIT_INDEX_FILE: options.index } : {}),
        },
        maxBuffer: 16 * 1024 * 1024,
      },
      (error, stdout) => {
        if (error) reject(error);
        else resolve(stdout);
      },
    );
    // A command that reads nothing may be gone before we could write.
    if (options.input === undefined) child.stdin?.destroy();
    else child.stdin?.end(options.input);
  });
}

/** Makes the bare repository when it is not there. */
export async function createDemoRemote(env: Pick<Env, "dataDir">): Promise<void> {
  const folder = demoRemote(env);
  const exists = await stat(join(folder, "HEAD")).then(
    () => true,
    () => false,
  );
  if (exists) return;
  await mkdir(dirname(folder), { recursive: true });
  await git(folder, ["init", "--quiet", "--bare", "--initial-branch=main"]);
}

/** Commits one edit on the remote's main branch; does nothing when it is there already. */
export async function commitOnRemote(
  env: Pick<Env, "dataDir">,
  edit: DemoEdit & { author: string; message: string },
): Promise<void> {
  const folder = demoRemote(env);
  const path = `workspaces/${edit.slug}/${edit.path}`;
  const text = await git(folder, ["cat-file", "blob", `${BRANCH}:${path}`]);
  if (text.includes(edit.after)) return;
  invariant(text.includes(edit.before), `the demo's edit of ${path} finds its place`);
  const input = text.replace(edit.before, () => edit.after);
  const index = join(folder, "demo-index");
  try {
    const options = { author: edit.author, index };
    const tip = (await git(folder, ["rev-parse", BRANCH])).trim();
    const blob = (await git(folder, ["hash-object", "-w", "--stdin"], { input })).trim();
    await git(folder, ["read-tree", tip], options);
    await git(folder, ["update-index", "--cacheinfo", `100644,${blob},${path}`], options);
    const tree = (await git(folder, ["write-tree"], options)).trim();
    const commit = (await git(folder, ["commit-tree", tree, "-p", tip, "-m", edit.message], options)).trim();
    await git(folder, ["update-ref", BRANCH, commit, tip]);
  } finally {
    await rm(index, { force: true });
  }
}
