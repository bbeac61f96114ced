import { Blocks, BlocksInput } from "@/lib/domain/wire/contents";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { readBlocks, writeBlocks } from "@/lib/server/workspaces/contents/blocks";

export const GET = route(
  { access: "workspace:read", summary: "Read the blocks of a workspace", response: Blocks },
  async ({ engine, workspace }) => readBlocks(engine, workspace),
);

const change = (replace: boolean) =>
  route(
    {
      access: "workspace:update",
      summary: replace ? "Replace the blocks of a workspace" : "Change the blocks of a workspace",
      body: BlocksInput,
      response: Blocks,
    },
    async ({ engine, viewer, workspace, body }) => writeBlocks(engine, viewer, workspace, body, replace),
  );

export const PATCH = change(false);
export const PUT = change(true);

export const { POST, DELETE } = otherMethods("GET", "PUT", "PATCH");
