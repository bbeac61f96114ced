import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { findPart, readIndex } from "@/lib/archive/contents";
import { checksumsOf, dependenciesOf, writeManifest } from "@/lib/archive/manifest";
import { groupsOf } from "@/lib/domain/bulk";
import { MANIFEST_PATH } from "@/lib/domain/path";
import { DEMO_APPS, DEMO_GROUPS } from "@/lib/server/demo/fleet";

// Writes `.import.yml` into each workspace of demo/release; run it after editing a file there:
// npx tsx demo/write-manifests.ts
const RELEASE = path.join(process.cwd(), "demo", "release");
const VERSION = "v2.4.0";
const EXPORTED_AT = new Date("2026-11-16T09:30:00.000Z");

async function readFiles(folder: string): Promise<{ path: string; bytes: Uint8Array }[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== MANIFEST_PATH);
  return Promise.all(
    files.map(async (entry) => {
      const full = path.join(entry.parentPath, entry.name);
      return { path: path.relative(folder, full).split(path.sep).join("/"), bytes: await readFile(full) };
    }),
  );
}

async function writeOne(slug: string): Promise<void> {
  const folder = path.join(RELEASE, slug);
  const files = await readFiles(folder);
  const indexPath = findPart(
    files.map((file) => file.path),
    "index",
  );
  const indexFile = files.find((file) => file.path === indexPath);
  if (!indexFile) throw new Error(`${slug} has no index.yml.`);
  const index = readIndex(indexFile.bytes, indexFile.path);
  const app = DEMO_APPS[slug];
  const text = writeManifest({
    workspaceId: index.id ?? slug,
    versionName: VERSION,
    exportedAt: EXPORTED_AT,
    facts: {
      groups: groupsOf(index.labels ?? [], DEMO_GROUPS),
      dependsOn: dependenciesOf(files),
      app:
        app === undefined
          ? undefined
          : {
              slug: app,
              name: index.name ?? slug,
              ...(index.description === undefined ? {} : { description: index.description }),
            },
    },
    checksums: checksumsOf(files),
  });
  await writeFile(path.join(folder, MANIFEST_PATH), text);
}

async function writeAll(): Promise<void> {
  for (const entry of await readdir(RELEASE, { withFileTypes: true }))
    if (entry.isDirectory()) await writeOne(entry.name);
}

void writeAll();
