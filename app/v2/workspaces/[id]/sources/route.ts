import { PatchSources, SourceList } from "@/lib/domain/wire/api";
import { otherMethods } from "@/lib/http/methods";
import { NOT_MODIFIED } from "@/lib/http/answers/not-modified";
import { conditionsOf, tagged } from "@/lib/http/parts";
import { route } from "@/lib/http/route";
import { listSources, patchSources } from "@/lib/server/workspaces/edits/sources";

const toReply = (list: SourceList) => tagged({ value: list, oid: list.tree });

export const GET = route(
  {
    access: "workspace:read",
    summary: "List the files of a workspace",
    description: "The ETag is the id of the tree of all files.",
    response: SourceList,
    answers: NOT_MODIFIED,
    tagged: true,
  },
  async ({ engine, workspace }) => toReply(await listSources(engine, workspace)),
);

export const PATCH = route(
  {
    access: "workspace:update",
    summary: "Change many files at once, all or none",
    body: PatchSources,
    response: SourceList,
    tagged: true,
  },
  async ({ engine, viewer, workspace, body: { files }, request }) =>
    toReply(await patchSources(engine, viewer, workspace, { files, conditions: conditionsOf(request) })),
);

export const { POST, PUT, DELETE, OPTIONS } = otherMethods("GET", "PATCH");
