import { versions } from "@/lib/contract/versions";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { answerPull } from "@/lib/http/answers/versioning";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(versions.pullLatest, async (context) =>
    answerPull(context, context.workspace.id, context.body.version ?? "latest"),
  ),
);
