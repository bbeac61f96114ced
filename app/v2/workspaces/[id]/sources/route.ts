import { files } from "@/lib/contract/files";
import type { SourceList } from "@/lib/domain/wire/api";
import { conditionsOf, tagged } from "@/lib/http/parts";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { listSources, patchSources } from "@/lib/server/workspaces/edits/sources";

const toReply = (list: SourceList) => tagged({ value: list, oid: list.tree });

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(files.list, async ({ engine, workspace }) => toReply(await listSources(engine, workspace))),
  route(files.patch, async ({ engine, viewer, workspace, body: { files }, request }) =>
    toReply(await patchSources(engine, viewer, workspace, { files, conditions: conditionsOf(request) })),
  ),
);
