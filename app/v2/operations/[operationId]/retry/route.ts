import { z } from "zod";
import { Operation } from "@/lib/domain/operation";
import { OPERATION_HEADER } from "@/lib/http/correlation";
import { otherMethods } from "@/lib/http/methods";
import { Reply } from "@/lib/http/reply";
import { route } from "@/lib/http/route";
import { requireOperation, retryOperation } from "@/lib/server/events/operations";

export const POST = route(
  {
    access: "signed-in",
    summary: "Start an ended operation again",
    params: z.object({ operationId: z.string() }),
    response: Operation,
    starts: true,
  },
  async ({ engine, viewer, params }) => {
    const operation = await requireOperation(engine, viewer, "update", params.operationId);
    const { operationId } = await retryOperation(engine, viewer, operation);
    const started = await requireOperation(engine, viewer, "read", operationId);
    return new Reply(started, { headers: { [OPERATION_HEADER]: operationId } });
  },
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
