import { operations } from "@/lib/contract/operations";
import { OPERATION_HEADER } from "@/lib/http/correlation";
import { Reply } from "@/lib/http/reply";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { requireOperation, retryOperation } from "@/lib/server/events/operations";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(operations.retry, async ({ engine, viewer, params }) => {
    const operation = await requireOperation(engine, viewer, "update", params.operationId);
    const { operationId } = await retryOperation(engine, viewer, operation);
    const started = await requireOperation(engine, viewer, "read", operationId);
    return new Reply(started, { headers: { [OPERATION_HEADER]: operationId } });
  }),
);
