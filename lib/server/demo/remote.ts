import { invariant } from "@/lib/domain/error";
import { commitFile, createBareRepository } from "@/lib/git/on-disk/commit-file";
import type { Env } from "../env/types";
import { demoRemote } from "./environment";
import type { DemoEdit } from "./fleet";

/** Makes the bare repository when it is not there. */
export function createDemoRemote(env: Pick<Env, "dataDir">): Promise<void> {
  return createBareRepository(demoRemote(env), "main");
}

/** Commits one edit on the remote's main branch, as a colleague would; does nothing when it is there already. */
export function commitOnRemote(
  env: Pick<Env, "dataDir">,
  { slug, path, before, after, author, message }: DemoEdit & { author: string; message: string },
): Promise<void> {
  return commitFile(demoRemote(env), {
    ref: "refs/heads/main",
    path: `workspaces/${slug}/${path}`,
    edit(text) {
      if (text.includes(after)) return text;
      invariant(text.includes(before), `the demo's edit of ${path} finds its place`);
      return text.replace(before, () => after);
    },
    author: { name: author, email: `${author.toLowerCase().replaceAll(" ", ".")}@larkfield.example` },
    message,
  });
}
