import { z } from "zod";
import type { Fields } from "@/lib/archive/edit/edit-text";
import { AppError } from "@/lib/domain/error";
import { mapInSlices } from "@/lib/runtime/pace";
import { partOf, spellingRank } from "@/lib/archive/parts";
import { extensionOf } from "@/lib/domain/path";
import { PartSlug, type Part } from "@/lib/domain/wire/contents";
import type { WorkspaceFile } from "@/lib/domain/workspace";
import { fieldsOf } from "./change";

export type PartKind = "automations" | "pages" | "imports";

/** A part of a workspace as its file says it. */
export interface Found {
  file: WorkspaceFile;
  /** What it is asked for by: the slug inside the file, else the file's name. */
  slug: string;
  fields: Fields;
  /** What is wrong with the file, as a sentence that names it. */
  problem?: string;
}

interface Read extends Found {
  /** The slug of the file's name. */
  name: string;
  readable: boolean;
}

const Text = z.string({ error: "must be text" });
const Localized = z.union([Text, z.record(z.string(), Text.nullable())], {
  error: "must be text, or a map of texts by language",
});
const PartForm = z.looseObject({
  slug: z.union([z.literal(""), PartSlug]).nullish(),
  name: Localized.nullish(),
  description: Localized.nullish(),
  appSlug: Text.nullish(),
  appVersion: Text.nullish(),
});

function problemOf(fields: Fields, path: string): string | undefined {
  const parsed = PartForm.safeParse(fields);
  if (parsed.success) return undefined;
  const [issue] = parsed.error.issues;
  return `${path}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is not of its form"}`;
}

function read(file: WorkspaceFile, bytes: Uint8Array, name: string): Read {
  try {
    const fields = fieldsOf(bytes, file.path);
    const problem = problemOf(fields, file.path);
    const inside = PartSlug.safeParse(fields.slug);
    const slug = inside.success ? inside.data : name;
    return { file, name, slug, fields, readable: true, ...(problem === undefined ? {} : { problem }) };
  } catch (error) {
    // One unreadable file must not hide the rest; it says so in its own place.
    if (!(error instanceof AppError)) throw error;
    return { file, name, slug: name, fields: {}, readable: false, problem: error.message };
  }
}

/** Whether the first of two files with one slug is the one that counts. */
function order(one: Read, other: Read): number {
  const own = (part: Read) => (part.name === part.slug ? 0 : 1);
  const rank = (part: Read) => spellingRank(part.file.path);
  return (
    Number(!one.readable) - Number(!other.readable) ||
    own(one) - own(other) ||
    rank(one) - rank(other) ||
    (one.file.path < other.file.path ? -1 : 1)
  );
}

/** A place for a file whose slug is another's: its own name, else the whole of its file's name. */
function freeSlug({ name, file }: Read, taken: ReadonlyMap<string, Found>): string {
  if (!taken.has(name)) return name;
  const whole = `${name}${extensionOf(file.path)}`;
  return taken.has(whole) ? file.path : whole;
}

/**
 * Every part of a kind, by slug. Of several with the same slug the one counts whose file is named like it, and of those
 * `.yml` before `.yaml` before `.json`; the others stand under their file's name and say so.
 */
export async function partsOf(
  kind: PartKind,
  files: readonly WorkspaceFile[],
  contents: ReadonlyMap<string, Uint8Array>,
): Promise<Map<string, Found>> {
  const listed = await mapInSlices(files, (file) => {
    const bytes = contents.get(file.path) ?? new Uint8Array();
    const part = partOf(file.path, bytes);
    return part.kind === kind ? [read(file, bytes, part.slug)] : [];
  });
  const parts = listed.flat();
  const found = new Map<string, Found>();
  const others: Read[] = [];
  for (const part of parts.sort(order)) {
    if (found.has(part.slug)) others.push(part);
    else found.set(part.slug, part);
  }
  for (const part of others) {
    const owner = found.get(part.slug)?.file.path ?? "";
    const slug = freeSlug(part, found);
    const problem = `${part.file.path}: the slug ${JSON.stringify(part.slug)} is also the slug of ${owner}, which takes precedence. Change one of the slugs, or delete the file.`;
    found.set(slug, { ...part, slug, problem: part.problem ?? problem });
  }
  return found;
}

/** A part as an answer shows it. */
export function toPart({ slug, fields, problem }: Omit<Found, "file">): Part {
  const { slug: _written, ...others } = fields;
  return { slug, ...others, ...(problem === undefined ? {} : { unreadable: problem }) };
}
