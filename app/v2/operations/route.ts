import { z } from "zod";
import { OperationList } from "@/lib/domain/wire/api";
import { otherMethods } from "@/lib/http/methods";
import { Page } from "@/lib/http/parse";
import { route } from "@/lib/http/route";
import { listOperations } from "@/lib/server/events/operations";

const Filters = Page.extend({
  workspaceId: z.string().max(60).optional(),
  kind: z.string().max(40).optional(),
  state: z.string().max(40).optional(),
});

export const GET = route(
  { access: "signed-in", summary: "List operations, newest first", query: Filters, response: OperationList },
  async ({ engine, viewer, query: { workspaceId, kind, state, page, limit } }) =>
    listOperations(engine, viewer, {
      page,
      limit,
      ...(workspaceId ? { workspaceId } : {}),
      ...(kind ? { kind } : {}),
      ...(state ? { state } : {}),
    }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
