import { own } from "@/lib/domain/own";
import { editDocument } from "@/lib/archive/edit/edit-document";
import { isFields, type Fields } from "@/lib/archive/edit/edit-text";
import { readDocument } from "@/lib/archive/texts";
import { AppError } from "@/lib/domain/error";
import { classifyPath } from "@/lib/domain/path";

const HIDDEN = "[redacted]";
const REFERENCE = /\{\{\s*secret\.[^\s{}]+\s*\}\}/;
const REFERENCE_ALONE = /^\s*\{\{\s*secret\.[^\s{}]+\s*\}\}\s*$/;
// Who one is, is no secret; what proves it is.
const NAME = "user";

function authOf(repository: unknown): Fields {
  const config = isFields(repository) ? repository.config : undefined;
  return isFields(config) && isFields(config.auth) ? config.auth : {};
}

function withAuth(repository: Fields, auth: Fields): Fields {
  return { ...repository, config: { ...(isFields(repository.config) ? repository.config : {}), auth } };
}

/** Repositories as a client sent them, where a credential that was shown as redacted stays what it was. */
export function withKeptCredentials(
  before: unknown,
  repositories: Record<string, Fields>,
): Record<string, Fields> {
  const old = isFields(before) ? before : {};
  return Object.fromEntries(
    Object.entries(repositories).map(([id, repository]) => {
      const auth = authOf(repository);
      if (!Object.values(auth).includes(HIDDEN)) return [id, repository];
      const known = authOf(own(old, id));
      const kept = Object.entries(auth).map(([field, value]) => [
        field,
        value === HIDDEN ? own(known, field) : value,
      ]);
      return [id, withAuth(repository, Object.fromEntries(kept) as Fields)];
    }),
  );
}

/**
 * Throws InvalidRequest for a credential written out under `repositories`, which would go into every commit and
 * archive. One that stands there already, as from an import, may stay.
 */
export function refuseWrittenCredentials(before: unknown, after: unknown): void {
  const old = isFields(before) ? before : {};
  for (const [id, repository] of Object.entries(isFields(after) ? after : {})) {
    const known = authOf(own(old, id));
    for (const [field, value] of Object.entries(authOf(repository))) {
      if (field === NAME || value === own(known, field) || value === null || value === "") continue;
      if (typeof value === "string" && REFERENCE.test(value)) continue;
      const place = `repositories.${id}.config.auth.${field}`;
      throw new AppError(
        "InvalidRequest",
        `${place} contains a literal credential, which would go into every commit and archive. Store it as a secret and write {{secret.name}} here.`,
        { repositoryId: id, field: place },
      );
    }
  }
}

/** A repository as an answer shows it: a credential that is written out is not repeated. */
export function hideCredentials(repository: unknown): Fields {
  if (!isFields(repository)) return {};
  const auth = Object.entries(authOf(repository));
  if (auth.length === 0) return repository;
  const shown = auth.map(([field, value]) => {
    const isOpen = field === NAME || (typeof value === "string" && REFERENCE_ALONE.test(value));
    return [field, isOpen ? value : HIDDEN];
  });
  return withAuth(repository, Object.fromEntries(shown) as Fields);
}

function hasWrittenCredentials(repository: unknown): boolean {
  const shown = authOf(hideCredentials(repository));
  return Object.entries(authOf(repository)).some(([field, value]) => own(shown, field) !== value);
}

function fieldsOf(bytes: Uint8Array, path: string): Fields | null {
  try {
    const value = readDocument(bytes, path);
    return isFields(value) ? value : {};
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function hiddenText(path: string): string {
  return `# ${path} cannot be shown without the credentials that it may hold: ${HIDDEN}\n`;
}

/** The bytes of a file for someone who may only read: in `index.yml` no credential is written out. */
export function withoutCredentials(path: string, bytes: Uint8Array): Uint8Array {
  if (classifyPath(path).kind !== "index") return bytes;
  const fields = fieldsOf(bytes, path);
  // A file of a remote may be unreadable; what stands where in it nobody can tell.
  if (!fields) return Buffer.from(hiddenText(path), "utf8");
  const { repositories } = fields;
  if (!isFields(repositories) || !Object.values(repositories).some(hasWrittenCredentials)) return bytes;
  const shown = Object.entries(repositories).map(([id, repository]) => [
    id,
    hasWrittenCredentials(repository) ? hideCredentials(repository) : repository,
  ]);
  const after = { ...fields, repositories: Object.fromEntries(shown) as Fields };
  try {
    return Buffer.from(editDocument(bytes, path, after), "utf8");
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // They cannot be taken out without the rest, as where an alias brings them along.
    return Buffer.from(hiddenText(path), "utf8");
  }
}

/** What to do with the text of a file before someone reads it. */
export type Shown = (path: string, bytes: Uint8Array) => Uint8Array;

/** How files are shown: as they are to those who may change them, else without credentials. */
export function shownTo(grants: { may(action: "update", id: string): boolean }, workspaceId: string): Shown {
  return grants.may("update", workspaceId) ? (_path, bytes) => bytes : withoutCredentials;
}
