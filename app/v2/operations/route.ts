import { operations } from "@/lib/contract/operations";
import { route } from "@/lib/http/route";
import { listOperations } from "@/lib/server/events/operations";
import { routes } from "@/lib/http/routes";

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
