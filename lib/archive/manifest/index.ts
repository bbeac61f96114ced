import { own, setOwn } from "@/lib/domain/own";
import { createHash } from "node:crypto";
import { stringify } from "yaml";
import { classifyPath, extensionOf, MANIFEST_PATH } from "@/lib/domain/path";
import { Manifest, type ManifestHead } from "@/lib/domain/manifest";
import type { WorkspaceFile } from "@/lib/domain/workspace";
import { readAppSlug } from "../contents";
import { partOf, unreadSpellings } from "../parts";
import { plainOrQuoted } from "../yaml/plain-yaml";
import { readManifestDocument } from "../texts";
import { AppError } from "@/lib/domain/error";

export type Checksums = Record<"automations" | "pages" | "imports", Record<string, string>>;

/** `sha256:<hex>` of each automation, page and app instance, by its path under the folder without extension. */
export function checksumsOf(files: Iterable<{ path: string; bytes: Uint8Array }>): Checksums {
  const checksums: Checksums = { automations: {}, pages: {}, imports: {} };
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const unread = unreadSpellings(sorted.map(({ path }) => path));
  for (const { path, bytes } of sorted) {
    if (unread.has(path)) continue;
    const part = partOf(path, bytes);
    if (part.kind !== "automations" && part.kind !== "pages" && part.kind !== "imports") continue;
    setOwn(checksums[part.kind], part.slug, checksumOf(bytes));
  }
  return checksums;
}

/** `sha256:<hex>` of a file's bytes. */
export function checksumOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Whether a checksum of a manifest, `sha256:<hex>` or a bare MD5, is that of these bytes. */
function checksumMatches(checksum: string, bytes: Uint8Array): boolean {
  if (checksum.startsWith("sha256:"))
    return checksum.slice(7).toLowerCase() === createHash("sha256").update(bytes).digest("hex");
  return checksum.toLowerCase() === createHash("md5").update(bytes).digest("hex");
}

/** The apps that a workspace's instances need, as `app/{slug}`, sorted; unreadable instances count for nothing. */
export function dependenciesOf(imports: Iterable<{ path: string; bytes: Uint8Array }>): string[] {
  const apps = new Set<string>();
  for (const { path, bytes } of imports) {
    if (classifyPath(path).kind !== "imports") continue;
    try {
      const app = readAppSlug(bytes, path);
      if (app) apps.add(`app/${app}`);
    } catch (error) {
      // The file is carried as it is; only what it depends on stays unknown.
      if (!(error instanceof AppError)) throw error;
    }
  }
  return [...apps].sort();
}

/** Everything in a manifest that is not derived from the files or the moment of the export. */
export interface ManifestFacts {
  groups: string[];
  dependsOn: string[];
  app: { slug: string; name: string; description?: string | Record<string, string> | undefined } | undefined;
}

/** A digest of those facts: while it and the files stay the same, the manifest is not written again. */
export function manifestKey(facts: ManifestFacts): string {
  const app = facts.app ? [facts.app.slug, facts.app.name, facts.app.description ?? null] : null;
  const text = JSON.stringify([facts.groups, facts.dependsOn, app]);
  return createHash("sha256").update(text).digest("hex");
}

/** The same digest for a manifest that was read. */
export function keyOfManifest(manifest: ManifestHead): string {
  const { groups, dependsOn, app } = manifest;
  return manifestKey({ groups, dependsOn, app: app && { ...app, name: app.name ?? app.slug } });
}

/** The manifest without its checksums. */
export function headOf({ checksums: _checksums, ...head }: Manifest): ManifestHead {
  return head;
}

/** What a manifest that is written with this says, without the checksums. */
export function headWritten(input: {
  workspaceId: string;
  versionName: string;
  exportedAt: Date;
  facts: ManifestFacts;
}): ManifestHead {
  const version = { type: "export", name: input.versionName, exportedAt: input.exportedAt.toISOString() };
  return headOf(Manifest.parse({ workspaceId: input.workspaceId, version, ...input.facts }));
}

/** The text of `.import.yml`. */
export function writeManifest(input: {
  workspaceId: string;
  versionName: string;
  exportedAt: Date;
  facts: ManifestFacts;
  checksums: Checksums;
}): string {
  const { facts } = input;
  const head = [
    `workspaceId: ${plainOrQuoted(input.workspaceId)}`,
    "version:",
    "  type: export",
    `  name: ${plainOrQuoted(input.versionName)}`,
    `  exportedAt: ${input.exportedAt.toISOString()}`,
    listLines("groups", facts.groups),
    listLines("dependsOn", facts.dependsOn),
  ];
  const app = facts.app ? stringify({ app: facts.app }, { lineWidth: 0 }) : "";
  return `${head.join("\n")}\n${app}${checksumLines(input.checksums)}`;
}

// The form is simple and most of it is checksums; the general writer takes longer for it than making the commit does.
function listLines(name: string, items: readonly string[]): string {
  if (items.length === 0) return `${name}: []`;
  return `${name}:\n${items.map((item) => `  - ${plainOrQuoted(item)}`).join("\n")}`;
}

function checksumLines(checksums: Checksums): string {
  const parts = Object.entries(checksums).map(([kind, entries]) => {
    const lines = Object.entries(entries).map(([slug, hash]) => `    ${plainOrQuoted(slug)}: ${hash}\n`);
    return lines.length === 0 ? `  ${kind}: {}\n` : `  ${kind}:\n${lines.join("")}`;
  });
  return `checksums:\n${parts.join("")}`;
}

/** Reads `.import.yml`; a part that is not of its form counts as absent. Throws UnreadableContent. */
export function readManifest(bytes: Uint8Array, path: string = MANIFEST_PATH): Manifest {
  return parsed(readManifestDocument(bytes, path));
}

/** The same without the checksums, which are most of it. */
export function readHead(bytes: Uint8Array): ManifestHead {
  const value = readManifestDocument(bytes, MANIFEST_PATH);
  return headOf(
    parsed(typeof value === "object" && value !== null ? { ...value, checksums: undefined } : value),
  );
}

function parsed(value: unknown): Manifest {
  return Manifest.catch(() => Manifest.parse({})).parse(value);
}

function checksumIn({ checksums }: Manifest, path: string): string | undefined {
  const part = classifyPath(path);
  if (part.kind !== "automations" && part.kind !== "pages" && part.kind !== "imports") return undefined;
  const known = checksums?.[part.kind];
  return own(known, part.slug);
}

/** Whether the manifest has a checksum of this file. */
export function isChecksummed(manifest: Manifest, path: string): boolean {
  return checksumIn(manifest, path) !== undefined;
}

/** Files whose bytes are not those the manifest was written for; a warning, never a reason to stop. */
export function checksumMismatches(
  manifest: Manifest,
  files: Iterable<{ path: string; bytes: Uint8Array }>,
): string[] {
  const mismatches: string[] = [];
  for (const { path, bytes } of files) {
    const checksum = checksumIn(manifest, path);
    if (checksum !== undefined && !checksumMatches(checksum, bytes)) mismatches.push(path);
  }
  return mismatches;
}

/** Whether changing this file changes what a manifest says. */
export function isInstanceFile(file: Pick<WorkspaceFile, "path">): boolean {
  return classifyPath(file.path).kind === "imports" && extensionOf(file.path) !== "";
}
