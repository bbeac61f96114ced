import { z } from "zod";
import { ConnectionReport } from "@/lib/domain/wire/connection";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { testRepository } from "@/lib/server/repositories/test-repository";

export const POST = route(
  {
    access: "workspace:update",
    summary: "Test the connection to a repository",
    description:
      "Reach, certificate or host key, credentials, branch and write access, one numbered line each. Nothing in the repository changes; the key of an SSH server that is seen for the first time is pinned.",
    params: z.object({ id: z.string(), repositoryId: z.string().max(200) }),
    response: ConnectionReport,
  },
  async ({ engine, viewer, workspace, params, request }) =>
    testRepository(engine, viewer, workspace, params.repositoryId, request.signal),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
