import { z } from "zod";
import { Operation } from "@/lib/domain/operation";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { cancelOperation, requireOperation } from "@/lib/server/events/operations";

export const POST = route(
  {
    access: "signed-in",
    summary: "Ask a running operation to stop",
    params: z.object({ operationId: z.string() }),
    response: Operation,
  },
  async ({ engine, viewer, params }) => {
    const operation = await requireOperation(engine, viewer, "update", params.operationId);
    await cancelOperation(engine, viewer, operation);
    return requireOperation(engine, viewer, "read", params.operationId);
  },
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
