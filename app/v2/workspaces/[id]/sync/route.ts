import { z } from "zod";
import { SyncView } from "@/lib/domain/wire/api";
import { otherMethods } from "@/lib/http/methods";
import { Flag } from "@/lib/http/parse";
import { route } from "@/lib/http/route";
import { syncView } from "@/lib/server/versions/sync";

export const GET = route(
  {
    access: "workspace:read",
    summary: "How a workspace stands against a repository",
    query: z.object({ repository: z.string().max(100).optional(), check: Flag.default(false) }),
    response: SyncView,
  },
  async ({ engine, viewer, workspace, query: { repository, check } }) =>
    syncView(engine, viewer, workspace, { check, ...(repository ? { repositoryId: repository } : {}) }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
