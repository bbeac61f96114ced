import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { ROOT } from "./run.mjs";

async function filesBelow(folder, skip) {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const full = path.join(folder, entry.name);
    if (skip(path.relative(ROOT, full))) continue;
    if (entry.isDirectory()) found.push(...(await filesBelow(full, skip)));
    else found.push(full);
  }
  return found;
}

/** A digest of names and bytes of these files and folders of the project; what is not there counts as empty. */
export async function fingerprint(paths, { skip = () => false, salt = "" } = {}) {
  const hash = createHash("sha256").update(salt);
  for (const name of paths) {
    const full = path.join(ROOT, name);
    const info = await stat(full).catch(() => null);
    if (!info) continue;
    for (const file of info.isDirectory() ? await filesBelow(full, skip) : [full]) {
      const bytes = await readFile(file);
      hash.update(`${path.relative(ROOT, file)}\0${String(bytes.length)}\0`).update(bytes);
    }
  }
  return hash.digest("hex");
}

/** Whether the stamp file says that what it stands for was made from `digest`. */
export async function isStamped(file, digest) {
  return (await readFile(file, "utf8").catch(() => "")) === digest;
}

export async function stamp(file, digest) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, digest);
}
