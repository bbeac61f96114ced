import { z } from "zod";
import { PullAnswer } from "@/lib/domain/wire/api";
import { RollbackRequest } from "@/lib/domain/version";
import { otherMethods } from "@/lib/http/methods";
import { WatchQuery } from "@/lib/http/parse";
import { route } from "@/lib/http/route";
import { answerRollback } from "@/lib/http/versioning";

export const POST = route(
  {
    access: "workspace:update",
    summary: "Bring a version back",
    params: z.object({ name: z.string().max(100) }),
    body: RollbackRequest,
    query: WatchQuery,
    response: PullAnswer,
  },
  async (context) => answerRollback(context, context.workspace.id, context.params.name),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
