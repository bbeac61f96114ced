import { operations } from "@/lib/contract/operations";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { cancelOperation, requireOperation } from "@/lib/server/events/operations";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(operations.cancel, async ({ engine, viewer, params }) => {
    const operation = await requireOperation(engine, viewer, "update", params.operationId);
    await cancelOperation(engine, viewer, operation);
    return requireOperation(engine, viewer, "read", params.operationId);
  }),
);
