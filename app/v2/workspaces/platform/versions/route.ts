import { platform } from "@/lib/contract/platform";
import { BulkPushRequest, BulkPushSummary } from "@/lib/domain/bulk";
import { CreateVersion } from "@/lib/domain/version";
import { parseInput } from "@/lib/http/parse";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { answerPush } from "@/lib/http/answers/versioning";
import { watch } from "@/lib/http/watch";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import { requireWorkspace } from "@/lib/server/access";
import { isBulkRequest, planBulkPush, startBulkPush } from "@/lib/server/operations/start-bulk";
import { listVersions } from "@/lib/server/versions/versions";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(platform.listVersions, async ({ engine, viewer, query }) => {
    const { workspace } = await requireWorkspace(engine, viewer, "read", PLATFORM_WORKSPACE_ID);
    return listVersions(engine, workspace, query);
  }),
  route(platform.push, async (context) => {
    const { engine, viewer, body } = context;
    if (!isBulkRequest(engine, body)) {
      const own = parseInput(CreateVersion, body, "The body");
      return answerPush({ ...context, body: own }, PLATFORM_WORKSPACE_ID);
    }
    const request = parseInput(BulkPushRequest, body, "The body");
    if (request.dryRun) return planBulkPush(engine, viewer, request);
    const started = await startBulkPush(engine, viewer, request);
    return watch(context, started, (operation) => BulkPushSummary.parse(operation.result), {
      isCheckedFirst: true,
    });
  }),
);
