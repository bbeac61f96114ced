import { Blocks, BlocksInput } from "@/lib/domain/wire/contents";
import { otherMethods } from "@/lib/http/methods";
import { conditionsOf, tagged } from "@/lib/http/parts";
import { route } from "@/lib/http/route";
import { readBlocks, writeBlocks } from "@/lib/server/workspaces/contents/blocks";

export const GET = route(
  { access: "workspace:read", summary: "Read the blocks of a workspace", response: Blocks, tagged: true },
  async ({ engine, workspace }) => tagged(await readBlocks(engine, workspace)),
);

const change = (replace: boolean) =>
  route(
    {
      access: "workspace:update",
      summary: replace ? "Replace the blocks of a workspace" : "Change the blocks of a workspace",
      body: BlocksInput,
      response: Blocks,
      tagged: true,
    },
    async ({ engine, viewer, workspace, body, request }) => {
      const input = { blocks: body, replace, conditions: conditionsOf(request) };
      return tagged(await writeBlocks(engine, viewer, workspace, input));
    },
  );

export const PATCH = change(false);
export const PUT = change(true);

export const { POST, DELETE, OPTIONS } = otherMethods("GET", "PUT", "PATCH");
