import { PullRequest } from "@/lib/domain/version";
import { PullAnswer } from "@/lib/domain/wire/api";
import { otherMethods } from "@/lib/http/methods";
import { WatchQuery } from "@/lib/http/parse";
import { route } from "@/lib/http/route";
import { answerPull } from "@/lib/http/versioning";

export const POST = route(
  {
    access: "workspace:update",
    summary: "Pull from a repository",
    body: PullRequest,
    query: WatchQuery,
    response: PullAnswer,
  },
  async (context) => answerPull(context, context.workspace.id, context.body.version ?? "latest"),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
