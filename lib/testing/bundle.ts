import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "vite";

/** A program for tests to start in processes of its own, without translating every module each time. */
export interface Bundle {
  /** What to give to node. */
  file: string;
  remove(): Promise<void>;
}

/** Puts our modules that a file needs into one; packages stay where they are. */
export async function bundle(entry: string): Promise<Bundle> {
  const root = process.cwd();
  const cache = join(root, ".cache");
  await mkdir(cache, { recursive: true });
  // Beside node_modules, where the packages are found.
  const folder = await mkdtemp(join(cache, "bundle-"));
  const name = basename(entry).replace(/\.ts$/, ".cjs");
  await build({
    configFile: false,
    publicDir: false,
    logLevel: "error",
    root,
    resolve: { alias: { "@": root, "server-only": join(root, "lib/testing/server-only.ts") } },
    build: {
      ssr: entry,
      outDir: folder,
      minify: false,
      rolldownOptions: { output: { format: "cjs", entryFileNames: name } },
    },
  });
  return { file: join(folder, name), remove: () => rm(folder, { recursive: true, force: true }) };
}
