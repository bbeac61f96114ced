import { createHash } from "node:crypto";
import { AppError } from "@/lib/domain/error";
import { SecretValue, type RepositoryAuth, type WorkspaceRepository } from "@/lib/domain/repository";
import type { Engine } from "../engine";
import { privateKey } from "../env/platform-repositories";
import { isPlatformSecret, knownSecrets, type KnownSecret } from "../secrets/secrets";
import { SECRET_REFERENCE } from "./declared";
import { parseRemoteUrl } from "../env/remote-url";

type CredentialEngine = Pick<Engine, "store" | "env" | "masterKey">;
type Auth = NonNullable<NonNullable<WorkspaceRepository["config"]>["auth"]>;

function otherOrigin(name: string, bound: string, origin: string): AppError {
  return new AppError(
    "PermissionDenied",
    `The secret ${name} is bound to ${bound} and cannot be sent to ${origin}. Store its value again to use it there.`,
    { name, origin },
  );
}

function untied(name: string, origin: string): AppError {
  return new AppError(
    "PermissionDenied",
    `The secret ${name} belongs to the platform and has not been used for ${origin} yet. Ask a super admin to test the connection first.`,
    { name, origin },
  );
}

/**
 * Ties a secret to the first origin it is used for: whoever changes the URL later cannot have it sent elsewhere.
 * A value from the environment is tied under its digest, so a new value starts anew. Without `mayTie` one that is not
 * tied yet goes nowhere.
 */
async function bindToOrigin(
  engine: CredentialEngine,
  workspaceId: string,
  name: string,
  { value, record }: KnownSecret,
  origin: string,
  mayTie: boolean,
): Promise<void> {
  if (!record) {
    const digest = createHash("sha256").update(value.reveal()).digest("hex").slice(0, 32);
    const setting = `secretOrigin:${workspaceId}:${name}:${digest}`;
    if (!mayTie && typeof (await engine.store.jobs.setting(setting)) !== "string") throw untied(name, origin);
    const bound = await engine.store.jobs.settleSetting(setting, origin);
    if (bound !== origin) throw otherOrigin(name, String(bound), origin);
    return;
  }
  if (record.origin === null && !mayTie) throw untied(name, origin);
  if (record.origin === null)
    await engine.store.secrets.put(workspaceId, [{ ...record, origin }], "system", []);
  else if (record.origin !== origin) throw otherOrigin(name, record.origin, origin);
}

class Interpolation {
  readonly used = new Set<string>();

  constructor(private readonly known: ReadonlyMap<string, KnownSecret>) {}

  text(text: string): string {
    return text.replace(SECRET_REFERENCE, (_, name: string) => {
      const secret = this.known.get(name);
      if (!secret)
        throw new AppError(
          "InvalidRequest",
          `The repository uses the secret ${name}, which has no value here. Add it under Settings, Secrets.`,
          { name, known: [...this.known.keys()] },
        );
      this.used.add(name);
      return secret.value.reveal();
    });
  }
}

function authOf(auth: Auth, interpolation: Interpolation): RepositoryAuth {
  if (auth.sshkey) {
    // A password beside a key is the key's.
    const passphrase = auth.passphrase ?? auth.password;
    return {
      kind: "sshkey",
      key: privateKey(interpolation.text(auth.sshkey)),
      ...(passphrase ? { passphrase: new SecretValue(interpolation.text(passphrase)) } : {}),
      ...(auth.user ? { user: interpolation.text(auth.user) } : {}),
    };
  }
  if (!auth.password) return { kind: "none" };
  return {
    kind: "password",
    user: auth.user ? interpolation.text(auth.user) : "git",
    password: new SecretValue(interpolation.text(auth.password)),
  };
}

/**
 * The credentials of a workspace's repository with its secrets filled in, each bound to the URL's origin. Where a secret
 * that only super admins may read goes first, is for one of them to say.
 */
export async function resolveAuth(
  engine: CredentialEngine,
  workspace: { id: string; slug: string },
  config: { url: string; auth?: Auth | undefined },
  isSuperAdmin: boolean,
): Promise<RepositoryAuth> {
  if (!config.auth) return { kind: "none" };
  const url = parseRemoteUrl(config.url);
  if (typeof url === "string") throw new AppError("InvalidRequest", `The repository's URL ${url}`);
  const known = await knownSecrets(engine, workspace);
  const interpolation = new Interpolation(known);
  const auth = authOf(config.auth, interpolation);
  for (const name of interpolation.used) {
    const secret = known.get(name);
    const mayTie = isSuperAdmin || !isPlatformSecret(name);
    if (secret) await bindToOrigin(engine, workspace.id, name, secret, url.origin, mayTie);
  }
  return auth;
}
