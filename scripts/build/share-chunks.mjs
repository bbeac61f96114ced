import { createHash } from "node:crypto";
import { readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import path from "node:path";

const SOURCE_MAP = /\n*\/\/# sourceMappingURL=\S+\s*$/;

/**
 * Makes links to one file of all chunks in a folder that are the same but for the name of their source map. Next writes
 * the code that all routes share once for each of them, and a server that has loaded its routes would keep every copy's
 * text: a hundred megabytes. Node loads a file once, however many links lead to it.
 */
export async function shareChunks(folder) {
  const kept = new Map();
  let shared = 0;
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".js"));
  for (const { name } of files.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const text = await readFile(path.join(folder, name), "utf8");
    const digest = createHash("sha256").update(text.replace(SOURCE_MAP, "")).digest("hex");
    const first = kept.get(digest);
    if (first === undefined) kept.set(digest, name);
    else if (await link(folder, name, first)) shared++;
  }
  return shared;
}

async function link(folder, name, first) {
  const made = path.join(folder, `${name}.link`);
  try {
    await symlink(first, made);
  } catch (error) {
    // Some systems leave links to administrators; the copies do no harm but take memory.
    if (error.code === "EPERM") return false;
    throw error;
  }
  await rename(made, path.join(folder, name));
  await rm(path.join(folder, `${name}.map`), { force: true });
  return true;
}
