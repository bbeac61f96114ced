import { operations } from "@/lib/contract/operations";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { listOperations } from "@/lib/server/events/operations";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(operations.list, async ({ engine, viewer, query: { workspaceId, kind, state, page, limit } }) =>
    listOperations(engine, viewer, {
      page,
      limit,
      ...(workspaceId ? { workspaceId } : {}),
      ...(kind ? { kind } : {}),
      ...(state ? { state } : {}),
    }),
  ),
);
