import { isFields } from "@/lib/archive/edit/edit-text";
import { AppError } from "@/lib/domain/error";
import { SECRET_REFERENCE } from "./declared";
import { parseRemoteUrl } from "../env/remote-url";

interface SecretUse {
  name: string;
  origin: string;
}

function usesIn(repositories: unknown): SecretUse[] {
  if (!isFields(repositories)) return [];
  return Object.values(repositories).flatMap((repository) => {
    const config = isFields(repository) ? repository.config : undefined;
    if (!isFields(config) || typeof config.url !== "string" || !isFields(config.auth)) return [];
    const url = parseRemoteUrl(config.url);
    if (typeof url === "string") return [];
    return Object.values(config.auth).flatMap((value) =>
      typeof value !== "string"
        ? []
        : [...value.matchAll(SECRET_REFERENCE)].map(([, name = ""]) => ({ name, origin: url.origin })),
    );
  });
}

/** Secrets that a change of `repositories` would have sent to where they were not sent before. */
export function newSecretUses(before: unknown, after: unknown): SecretUse[] {
  const known = usesIn(before);
  return usesIn(after).filter(
    ({ name, origin }) => !known.some((use) => use.name === name && use.origin === origin),
  );
}

/** Throws PermissionDenied for such a change by someone who may not read secrets: whoever runs that host could. */
export function refuseSecretUses(before: unknown, after: unknown, maySecrets: boolean): void {
  const [use] = maySecrets ? [] : newSecretUses(before, after);
  if (!use) return;
  throw new AppError(
    "PermissionDenied",
    `This would send the secret ${use.name} to ${use.origin}, but you do not have permission to read secrets. Ask someone with permission to manage security to set up this repository.`,
    { ...use },
  );
}
