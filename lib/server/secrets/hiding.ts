import { AppError } from "@/lib/domain/error";
import type { Repository, SecretValue } from "@/lib/domain/repository";
import type { SecretRecord } from "@/lib/store/contract";
import type { Engine } from "../engine";
import { suppliedFor, type Env } from "../env";
import type { Redactor } from "../redact";
import type { MasterKey } from "../env/master-key";
import { openSecret } from "./secrets";

function readable(key: MasterKey, workspaceId: string, record: SecretRecord): SecretValue[] {
  try {
    return [openSecret(key, workspaceId, record)];
  } catch (error) {
    // What cannot be decrypted any more cannot turn up in the clear, and must not stand in the way of an edit.
    if (error instanceof AppError) return [];
    throw error;
  }
}

/** What the declarations of the platform call things; it stands in nearly everything that is told. */
function platformWords({ groups, platformRepositories }: Env): string[] {
  return [
    ...groups.map(({ name }) => name),
    ...platformRepositories.flatMap(({ id, name, branch }) => [id, name, branch]),
  ];
}

/** A redactor for what is told to everyone who sees a repository: it knows the secrets of all these workspaces. */
export async function redactorOfAll(
  engine: Pick<Engine, "store" | "env" | "masterKey" | "redactor">,
  workspaces: readonly { id: string; slug: string }[],
  repository: Repository | undefined,
): Promise<Redactor> {
  const { env, masterKey, redactor, store } = engine;
  const stored = await store.secrets.listMany(workspaces.map(({ id }) => id));
  const supplied = env.secretValues.filter(({ slug: of }) =>
    workspaces.some(({ slug }) => suppliedFor(of, slug)),
  );
  return redactor
    .with([
      ...(repository ? [repository.auth] : []),
      ...supplied.map(({ value }) => value),
      ...[...stored].flatMap(([id, records]) => records.flatMap((record) => readable(masterKey, id, record))),
    ])
    .sparing([
      ...workspaces.flatMap(({ id, slug }) => [id, slug]),
      ...platformWords(env),
      ...(repository ? [repository.id, repository.name, repository.branch] : []),
    ]);
}

/** A redactor that hides the values of this workspace's secrets as well, stored ones and the environment's. */
export async function redactorOf(
  engine: Pick<Engine, "store" | "env" | "masterKey" | "redactor">,
  workspace: { id: string; slug: string },
): Promise<Redactor> {
  const supplied = engine.env.secretValues.filter(({ slug }) => suppliedFor(slug, workspace.slug));
  const stored = await engine.store.secrets.list(workspace.id);
  if (stored.length === 0 && supplied.length === 0) return engine.redactor;
  return engine.redactor
    .with([
      ...supplied.map(({ value }) => value),
      ...stored.flatMap((record) => readable(engine.masterKey, workspace.id, record)),
    ])
    .sparing([workspace.id, workspace.slug, ...platformWords(engine.env)]);
}
