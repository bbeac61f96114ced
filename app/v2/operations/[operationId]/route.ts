import { operations } from "@/lib/contract/operations";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { streamOperation } from "@/lib/http/watch";
import { requireOperation } from "@/lib/server/events/operations";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(operations.read, async ({ engine, request, viewer, correlationId, params, query }) => {
    const operation = await requireOperation(engine, viewer, "read", params.operationId);
    if (!query.sse) return operation;
    return streamOperation({ engine, request, correlationId }, operation.id, viewer.user.id);
  }),
);
