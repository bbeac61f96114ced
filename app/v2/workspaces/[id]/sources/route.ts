import { PatchSources, SourceList } from "@/lib/domain/wire/api";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { listSources, patchSources } from "@/lib/server/workspaces/sources";

export const GET = route(
  { access: "workspace:read", summary: "List the files of a workspace", response: SourceList },
  async ({ engine, workspace }) => listSources(engine, workspace),
);

export const PATCH = route(
  {
    access: "workspace:update",
    summary: "Change many files at once, all or none",
    body: PatchSources,
    response: SourceList,
  },
  async ({ engine, viewer, workspace, body }) => patchSources(engine, viewer, workspace, body.files),
);

export const { POST, PUT, DELETE } = otherMethods("GET", "PATCH");
