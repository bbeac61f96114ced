import { versions } from "@/lib/contract/versions";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { answerPush } from "@/lib/http/answers/versioning";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(versions.push, async (context) => answerPush(context, context.workspace.id)),
);
