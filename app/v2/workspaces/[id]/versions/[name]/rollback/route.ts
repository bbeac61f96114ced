import { versions } from "@/lib/contract/versions";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { answerRollback } from "@/lib/http/answers/versioning";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(versions.rollback, async (context) =>
    answerRollback(context, context.workspace.id, context.params.name),
  ),
);
