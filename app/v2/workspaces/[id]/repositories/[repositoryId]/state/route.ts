import { z } from "zod";
import { WriteLock } from "@/lib/domain/write-lock";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { detachRepository } from "@/lib/server/versions/detach";

export const DELETE = route(
  {
    access: "workspace:update",
    summary: "Detach a workspace from a repository",
    description:
      "Forgets what the workspace and the repository had in common, and a merge conflict between the two with its lock. Keeps the workspace's files and versions; the repository is not touched. The next push or pull is a first one.",
    params: z.object({ id: z.string(), repositoryId: z.string().max(200) }),
    response: z.object({ id: z.string(), detached: z.boolean(), cleared: WriteLock.nullable() }),
  },
  async ({ engine, viewer, workspace, params }) =>
    detachRepository(engine, viewer, workspace, params.repositoryId),
);

export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
