import { z } from "zod";
import { SearchRequest } from "@/lib/domain/wire/search";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { searchEvents } from "@/lib/server/events/search";

export const POST = route(
  {
    access: "workspace:read",
    summary: "Search the events of a workspace",
    description:
      "`size` counts the matches, up to 10,000 of them. Where a search has looked at enough before it was done, " +
      "`searchedTo` is the id it came to, and `size` counts to there: go on with a range on `id`.",
    body: SearchRequest,
    response: z.object({
      size: z.number(),
      documents: z.array(z.record(z.string(), z.unknown())),
      searchedTo: z.string().optional(),
    }),
  },
  async ({ engine, workspace, body }) => searchEvents(engine, { workspaceId: workspace.id }, body),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
