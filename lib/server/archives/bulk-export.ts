import { z } from "zod";
import { hashObject } from "@/lib/archive/objects";
import { WORK_OF_ARCHIVE, YamlWork } from "@/lib/archive/yaml/work";
import { bytesInMemory } from "@/lib/archive/zip/bytes";
import { layoutOf } from "@/lib/archive/zip/layout";
import { openZip, type ZipArchive, type ZipEntry } from "@/lib/archive/zip/read-zip";
import { AppError } from "@/lib/domain/error";
import { Manifest } from "@/lib/domain/manifest";
import { MANIFEST_PATH } from "@/lib/domain/path";
import type { ImportError, ImportWarning } from "@/lib/domain/version";
import { WorkspaceId } from "@/lib/domain/workspace";
import type { ArchiveSource } from "@/lib/versioning/archive-import";
import type { Engine } from "../engine";
import { junkWarnings, MAX_ENTRIES, sourceOf, type OpenArchive } from "./archive-source";

/** An archive of one workspace inside an export of many, with its id as the first group. */
const INNER = /(?:^|\/)workspaces\/([^/]+)\.zip$/;
const LIST = /(?:^|\/)bulkExport\.json$/;

const App = z.object({
  workspaceId: z.string(),
  slug: z.string().min(1).max(200),
  name: z.string().max(300).nullish(),
  description: z.union([z.string(), z.record(z.string(), z.string())]).nullish(),
});
const BulkExport = z.object({
  workspaceIds: z.array(z.string()).catch([]),
  publishApps: z
    .array(z.unknown())
    .transform((apps) => apps.flatMap((app) => App.safeParse(app).data ?? []))
    .catch([]),
});
type BulkExport = z.infer<typeof BulkExport>;

type Limits = Engine["env"]["limits"];

function idOf({ path }: ZipEntry): string {
  return INNER.exec(path)?.[1] ?? path;
}

/** Whether this is an export of many workspaces as the older platform makes it: an archive for each, and a list. */
export function isBulkExport({ entries }: ZipArchive): boolean {
  return entries.some(({ path }) => INNER.test(path)) && entries.some(({ path }) => LIST.test(path));
}

async function listOf(zip: ZipArchive, limits: Limits, warnings: ImportWarning[]): Promise<BulkExport> {
  const entry = zip.entries.find(({ path }) => LIST.test(path));
  try {
    if (!entry || entry.size > limits.fileBytes) return BulkExport.parse({});
    return BulkExport.parse(JSON.parse((await zip.content(entry)).toString("utf8")));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    warnings.push({
      path: entry?.path ?? "bulkExport.json",
      message: "bulkExport.json cannot be read, so no app is published and the order is unknown.",
    });
    return BulkExport.parse({});
  }
}

/** Adds the manifest that such an archive does not have: whose content it is, and as which app it is published. */
function withManifest(source: ArchiveSource, id: string, { publishApps }: BulkExport): ArchiveSource {
  if (source.manifest) return source;
  const app = publishApps.find(({ workspaceId }) => workspaceId === id);
  const facts = {
    ...(WorkspaceId.safeParse(id).success ? { workspaceId: id } : {}),
    ...(app
      ? {
          app: {
            slug: app.slug,
            name: app.name ?? app.slug,
            ...(app.description ? { description: app.description } : {}),
          },
        }
      : {}),
  };
  // JSON is YAML.
  const bytes = Buffer.from(JSON.stringify(facts), "utf8");
  const oid = hashObject("blob", bytes);
  return {
    ...source,
    manifest: Manifest.parse(facts),
    entries: [...source.entries, { path: MANIFEST_PATH, mode: "100644", oid }],
    readBlobs: async (oids) => {
      const found = await source.readBlobs(oids);
      return oids.includes(oid) ? found.set(oid, bytes) : found;
    },
  };
}

class Inside {
  #inflated: number;
  #entries = MAX_ENTRIES;
  readonly #work = new YamlWork(WORK_OF_ARCHIVE);

  constructor(private readonly limits: Limits) {
    this.#inflated = limits.archiveInflatedBytes;
  }

  /** Opens one archive inside; all of them together keep the limits of one upload. */
  async open(zip: ZipArchive, entry: ZipEntry): Promise<{ inner: ZipArchive; source: ArchiveSource }> {
    const bytes = bytesInMemory(await zip.content(entry));
    const inner = await openZip(bytes, { inflatedBytes: this.#inflated, entries: this.#entries });
    this.#entries -= inner.entries.length;
    for (const { size } of inner.entries) this.#inflated -= size;
    const layout = layoutOf(inner.entries);
    if (layout.kind === "fleet")
      throw new AppError(
        "UnreadableContent",
        `${entry.path} contains several workspaces; only one is allowed.`,
      );
    const source = await sourceOf(inner, layout, this.limits, this.#work);
    return { inner, source: { ...source, folder: source.index.slug ?? idOf(entry) } };
  }
}

/** Reads every archive inside. One that cannot be read is named among the errors and takes no other with it. */
export async function openBulkExport(zip: ZipArchive, limits: Limits): Promise<OpenArchive> {
  const warnings = junkWarnings(zip);
  const errors: ImportError[] = [];
  const sources: ArchiveSource[] = [];
  const list = await listOf(zip, limits, warnings);
  const entries = zip.entries.filter(({ path }) => INNER.test(path));
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  if (bytes > limits.archiveBytes)
    throw new AppError(
      "TooLarge",
      `The archives inside have ${String(bytes)} bytes together; the limit is ${String(limits.archiveBytes)}. Export fewer workspaces at once.`,
      { bytes, limit: limits.archiveBytes },
    );
  const inside = new Inside(limits);
  for (const entry of entries) {
    try {
      const { inner, source } = await inside.open(zip, entry);
      warnings.push(...junkWarnings(inner, `${entry.path}/`));
      sources.push(withManifest(source, idOf(entry), list));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      errors.push({
        ...error.details,
        err: error.code,
        msg: `${entry.path}: ${error.message}`,
        path: entry.path,
      });
    }
  }
  const held = new Set(entries.map(idOf));
  for (const id of list.workspaceIds)
    if (!held.has(id))
      warnings.push({
        path: `workspaces/${id}.zip`,
        message: `bulkExport.json names the workspace ${id}, but its archive is missing.`,
      });
  if (sources.length === 0 && errors[0])
    throw new AppError("UnreadableContent", errors[0].msg, { errors: errors.slice(0, 20) });
  return { kind: "fleet", sources, warnings, errors };
}
