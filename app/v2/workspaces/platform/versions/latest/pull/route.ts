import { z } from "zod";
import { PullAnswer } from "@/lib/domain/wire/api";
import { BulkImportRequest, BulkImportSummary, Processing } from "@/lib/domain/bulk";
import { PullRequest } from "@/lib/domain/version";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import { otherMethods } from "@/lib/http/methods";
import { parseInput, WatchQuery } from "@/lib/http/parse";
import { route } from "@/lib/http/route";
import { answerPull } from "@/lib/http/versioning";
import { watch } from "@/lib/http/watch";
import { isBulkRequest, planBulkImport, startBulkImport } from "@/lib/server/operations/start-bulk";

const Either = z.looseObject({ repository: z.looseObject({ id: z.string() }).optional() });

export const POST = route(
  {
    access: "platform:update",
    summary: "Import groups of workspaces from a platform repository",
    body: Either,
    bodies: z.union([BulkImportRequest, PullRequest]),
    query: WatchQuery,
    response: z.union([Processing, BulkImportSummary, PullAnswer]),
  },
  async (context) => {
    const { engine, viewer, body } = context;
    if (!isBulkRequest(engine, body)) {
      const own = parseInput(PullRequest, body, "The body");
      return answerPull({ ...context, body: own }, PLATFORM_WORKSPACE_ID, "latest");
    }
    const request = parseInput(BulkImportRequest, body, "The body");
    if (request.dryRun) return planBulkImport(engine, viewer, request);
    const started = await startBulkImport(engine, viewer, request);
    return watch(context, started, (operation) => BulkImportSummary.parse(operation.result));
  },
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
