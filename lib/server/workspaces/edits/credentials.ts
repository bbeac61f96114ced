import { isFields, type Fields } from "@/lib/archive/edit/edit-text";

const HIDDEN = "[redacted]";

function authOf(repository: unknown): Fields {
  const config = isFields(repository) ? repository.config : undefined;
  return isFields(config) && isFields(config.auth) ? config.auth : {};
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
      if (!Object.values(auth).includes(HIDDEN) || !isFields(repository.config)) return [id, repository];
      const known = authOf(old[id]);
      const kept = Object.entries(auth).map(([field, value]) => [
        field,
        value === HIDDEN ? known[field] : value,
      ]);
      return [
        id,
        { ...repository, config: { ...repository.config, auth: Object.fromEntries(kept) as Fields } },
      ];
    }),
  );
}
