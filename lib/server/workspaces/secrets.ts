import { own } from "@/lib/domain/own";
import type { PutSecrets, PatchSecrets, SecretsView } from "@/lib/domain/wire/secrets";
import type { z } from "zod";
import { AppError } from "@/lib/domain/error";
import { SecretValue } from "@/lib/domain/repository";
import { newEvent } from "@/lib/domain/event";
import type { SecretRecord } from "@/lib/store/contract";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../engine";
import { isPlatformSecret, knownSecrets, openSecret, sealSecret } from "../secrets/secrets";
import type { Viewer } from "../viewer";

type SecretsEngine = Pick<Engine, "store" | "env" | "masterKey">;

/** A workspace's secrets with their values; for holders of manage_security only. */
export async function listSecrets(
  engine: SecretsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
): Promise<z.infer<typeof SecretsView>> {
  const known = [...(await knownSecrets(engine, workspace))].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    known
      .filter(([name]) => viewer.user.superAdmin || !isPlatformSecret(name))
      .map(([name, { value, record }]) => [
        name,
        {
          value: value.reveal(),
          ...(record?.description ? { description: record.description } : {}),
          ...(record ? {} : { environment: true as const }),
        },
      ]),
  );
}

function refusePlatformNames(viewer: Viewer, names: readonly string[]): void {
  const reserved = names.find(isPlatformSecret);
  if (reserved === undefined || viewer.user.superAdmin) return;
  throw new AppError(
    "PermissionDenied",
    `The secret ${reserved} belongs to the platform. Only super admins can manage it.`,
    {
      name: reserved,
    },
  );
}

function valueOf(
  { masterKey }: SecretsEngine,
  workspaceId: string,
  name: string,
  value: string | undefined,
  before: SecretRecord | undefined,
): SecretValue {
  if (value !== undefined) return new SecretValue(value);
  if (before) return openSecret(masterKey, workspaceId, before);
  throw new AppError("InvalidRequest", `The secret ${name} has no value yet. Send a value as well.`, {
    name,
  });
}

/** Stores and deletes secrets by name, all or none. The event names them and nothing more. */
export async function patchSecrets(
  engine: SecretsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  patch: z.infer<typeof PatchSecrets>,
): Promise<void> {
  const { secrets } = engine.store;
  refusePlatformNames(viewer, Object.keys(patch));
  const stored = new Map((await secrets.list(workspace.id)).map((record) => [record.name, record]));
  const puts = Object.entries(patch).flatMap(([name, input]) => {
    if (input === null) return [];
    const before = stored.get(name);
    return [
      sealSecret(engine.masterKey, workspace.id, {
        name,
        version: (before?.version ?? 0) + 1,
        value: valueOf(engine, workspace.id, name, input.value, before),
        description: input.description ?? before?.description ?? null,
        // Only a value that is given anew may go to another origin.
        origin: input.value === undefined ? (before?.origin ?? null) : null,
      }),
    ];
  });
  const deleted = Object.keys(patch).filter((name) => own(patch, name) === null && stored.has(name));
  const names = [...puts.map(({ name }) => name), ...deleted];
  if (names.length === 0) return;
  const event = newEvent(viewer, "workspaces.secrets.updated", workspace.id, { names, deleted });
  await secrets.change(workspace.id, { put: puts, delete: deleted, userId: viewer.user.id }, [event]);
}

/**
 * Stores these secrets and deletes every other stored one, in one step. What only super admins may touch stays as it is
 * for everyone else, and what the environment supplies cannot be deleted here.
 */
export async function putSecrets(
  engine: SecretsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  wanted: z.infer<typeof PutSecrets>,
): Promise<void> {
  const stored = await engine.store.secrets.list(workspace.id);
  const others = stored
    .map(({ name }) => name)
    .filter((name) => !Object.hasOwn(wanted, name))
    .filter((name) => viewer.user.superAdmin || !isPlatformSecret(name));
  const gone = Object.fromEntries(others.map((name) => [name, null]));
  await patchSecrets(engine, viewer, workspace, { ...gone, ...wanted });
}

/** Deletes one secret. Throws NotFound. */
export async function deleteSecret(
  engine: SecretsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  name: string,
): Promise<void> {
  const stored = await engine.store.secrets.list(workspace.id);
  refusePlatformNames(viewer, [name]);
  if (!stored.some((record) => record.name === name))
    throw new AppError("NotFound", `There is no stored secret ${JSON.stringify(name)} here.`, { name });
  await patchSecrets(engine, viewer, workspace, { [name]: null });
}
