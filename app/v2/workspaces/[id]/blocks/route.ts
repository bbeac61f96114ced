import { blocks } from "@/lib/contract/content";
import { conditionsOf, tagged } from "@/lib/http/parts";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { readBlocks, writeBlocks } from "@/lib/server/workspaces/contents/blocks";

const change = (endpoint: typeof blocks.patch | typeof blocks.put, replace: boolean) =>
  route(endpoint, async ({ engine, viewer, workspace, body, request }) => {
    const input = { blocks: body, replace, conditions: conditionsOf(request) };
    return tagged(await writeBlocks(engine, viewer, workspace, input));
  });

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(blocks.read, async ({ engine, workspace }) => tagged(await readBlocks(engine, workspace))),
  change(blocks.put, true),
  change(blocks.patch, false),
);
