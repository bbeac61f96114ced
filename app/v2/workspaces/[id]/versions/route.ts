import { versions } from "@/lib/contract/versions";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { answerPush } from "@/lib/http/answers/versioning";
import { listVersions } from "@/lib/server/versions/versions";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(versions.list, async ({ engine, workspace, query: { page, limit, repository } }) =>
    listVersions(engine, workspace, { page, limit, ...(repository ? { repository } : {}) }),
  ),
  route(versions.create, async (context) => answerPush(context, context.workspace.id)),
);
