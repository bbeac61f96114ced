import { AppError } from "@/lib/domain/error";
import { NATIVE_REPOSITORY_ID, NATIVE_REPOSITORY_NAME } from "@/lib/domain/repository";
import { automaticVersionName } from "@/lib/domain/version";
import { changesBetween, readSnapshot } from "./contents";
import type { Lease, NewVersionRecord, Ports } from "./ports";
import { eventOf } from "./progress";
import { describePublished } from "./push/published";

export interface NativeVersionInput {
  lease: Lease;
  name?: string | undefined;
  description?: string;
}

async function freeName(ports: Ports, workspaceId: string, name: string | undefined): Promise<string> {
  const taken = async (candidate: string) =>
    (await ports.workspaces.version(workspaceId, NATIVE_REPOSITORY_ID, candidate)) !== null;
  if (name !== undefined) {
    if (!(await taken(name))) return name;
    throw new AppError("VersionAlreadyExists", `There is already a version ${name}. Choose another name.`, {
      name,
    });
  }
  const automatic = automaticVersionName(ports.journal.acceptedAt);
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? automatic : `${automatic}-${String(count)}`;
    if (!(await taken(candidate))) return candidate;
  }
}

/**
 * Saves the workspace as a version in the platform's own storage, where it costs its changed files only.
 * Throws VersionAlreadyExists and LockLost.
 */
export async function saveNativeVersion(ports: Ports, input: NativeVersionInput): Promise<NewVersionRecord> {
  const { record, files } = await readSnapshot(ports, input.lease.workspaceId);
  const version: NewVersionRecord = {
    workspaceId: record.id,
    name: await freeName(ports, record.id, input.name),
    repositoryId: NATIVE_REPOSITORY_ID,
    kind: "version",
    description: input.description,
    tree: record.tree,
    commit: undefined,
    createdAt: ports.journal.acceptedAt.toISOString(),
    createdBy: ports.actor.userId,
    operationId: ports.journal.operationId,
  };
  const objects = await ports.workspaces.readObjects([...new Set(files.map(({ oid }) => oid))]);
  await ports.workspaces.write([
    {
      workspaceId: record.id,
      guard: { lease: input.lease },
      userId: ports.actor.userId,
      versions: [version],
      events: [
        eventOf(ports, record.id, "workspaces.versions.published", {
          workspaceId: record.id,
          version: {
            name: version.name,
            createdAt: version.createdAt,
            description: version.description,
            repository: { id: NATIVE_REPOSITORY_ID, name: NATIVE_REPOSITORY_NAME },
          },
          // A native version holds the whole workspace, so everything in it counts.
          changes: await describePublished(changesBetween([], files), new Map(), objects),
        }),
      ],
      lock: "release",
    },
  ]);
  return version;
}
