import { platform } from "@/lib/contract/platform";
import { BulkImportRequest, BulkImportSummary } from "@/lib/domain/bulk";
import { PullRequest } from "@/lib/domain/version";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import { parseInput } from "@/lib/http/parse";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { answerPull } from "@/lib/http/answers/versioning";
import { watch } from "@/lib/http/watch";
import { isBulkRequest, planBulkImport, startBulkImport } from "@/lib/server/operations/start-bulk";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(platform.pull, async (context) => {
    const { engine, viewer, body } = context;
    if (!isBulkRequest(engine, body)) {
      const own = parseInput(PullRequest, body, "The body");
      return answerPull({ ...context, body: own }, PLATFORM_WORKSPACE_ID, "latest");
    }
    const request = parseInput(BulkImportRequest, body, "The body");
    if (request.dryRun) return planBulkImport(engine, viewer, request);
    const started = await startBulkImport(engine, viewer, request);
    return watch(context, started, (operation) => BulkImportSummary.parse(operation.result));
  }),
);
