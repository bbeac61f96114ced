import { z } from "zod";
import { Operation } from "@/lib/domain/operation";
import { otherMethods } from "@/lib/http/methods";
import { Flag } from "@/lib/http/parse";
import { route } from "@/lib/http/route";
import { streamOperation } from "@/lib/http/watch";
import { requireOperation } from "@/lib/server/events/operations";

export const GET = route(
  {
    access: "signed-in",
    summary: "Read an operation, or follow it",
    params: z.object({ operationId: z.string() }),
    query: z.object({ sse: Flag.default(false) }),
    response: Operation,
  },
  async ({ engine, request, viewer, correlationId, params, query }) => {
    const operation = await requireOperation(engine, viewer, "read", params.operationId);
    if (!query.sse) return operation;
    return streamOperation({ engine, request, correlationId }, operation.id, viewer.user.id);
  },
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
