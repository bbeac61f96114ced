import { buildTree, hashObject } from "@/lib/archive/objects";
import type { Oid, WorkspaceFile } from "@/lib/domain/workspace";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import type { GitObject, NewContents, Workspaces } from "@/lib/versioning/ports";

const INDEX = `id: ${PLATFORM_WORKSPACE_ID}
name: Platform
slug: platform
description: Pushes groups of workspaces to the platform's repositories and imports them from there.
`;

function contents(): NewContents {
  const bytes = new TextEncoder().encode(INDEX);
  const oid = hashObject("blob", bytes);
  const file: WorkspaceFile = { path: "index.yml", mode: "100644", oid, size: bytes.length };
  const { tree, objects } = buildTree([file]);
  return {
    tree,
    files: [file],
    objects: new Map<Oid, GitObject>([...objects, [oid, { type: "blob", bytes }]]),
  };
}

/** Makes the platform workspace at the first start; safe from several processes at once. */
export async function createPlatformWorkspace(workspaces: Workspaces): Promise<void> {
  const exists = async () => (await workspaces.get(PLATFORM_WORKSPACE_ID)) !== null;
  if (await exists()) return;
  try {
    await workspaces.create({
      id: PLATFORM_WORKSPACE_ID,
      name: "Platform",
      slug: "platform",
      labels: [],
      userId: "system",
      contents: contents(),
      events: [
        {
          type: "workspaces.created",
          workspaceId: PLATFORM_WORKSPACE_ID,
          payload: { workspace: { id: PLATFORM_WORKSPACE_ID, name: "Platform", slug: "platform" } },
          source: { userId: "system" },
        },
      ],
    });
  } catch (error) {
    // Another process was faster.
    if (!(await exists())) throw error;
  }
}
