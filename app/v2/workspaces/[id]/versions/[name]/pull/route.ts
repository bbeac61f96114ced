import { z } from "zod";
import { PullAnswer } from "@/lib/domain/wire/api";
import { AppError } from "@/lib/domain/error";
import { PullRequest } from "@/lib/domain/version";
import { otherMethods } from "@/lib/http/methods";
import { WatchQuery } from "@/lib/http/parse";
import { route } from "@/lib/http/route";
import { answerPull } from "@/lib/http/versioning";

export const POST = route(
  {
    access: "workspace:update",
    summary: "Pull a version, or `latest`, from a repository",
    params: z.object({ name: z.string().max(100) }),
    body: PullRequest,
    query: WatchQuery,
    response: PullAnswer,
  },
  async (context) => {
    const { body, params, workspace } = context;
    if (body.version !== undefined && body.version !== params.name)
      throw new AppError(
        "InvalidRequest",
        "The path and the body name two different versions. Leave one out.",
      );
    return answerPull(context, workspace.id, params.name);
  },
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
