import { z } from "zod";
import { PushAnswer } from "@/lib/domain/wire/api";
import { BulkPushRequest, BulkPushSummary, Processing } from "@/lib/domain/bulk";
import { CreateVersion, Version } from "@/lib/domain/version";
import { otherMethods } from "@/lib/http/methods";
import { Page, parseInput, WatchQuery } from "@/lib/http/parse";
import { route } from "@/lib/http/route";
import { answerPush } from "@/lib/http/versioning";
import { watch } from "@/lib/http/watch";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import { requireWorkspace } from "@/lib/server/access";
import { isBulkRequest, planBulkPush, startBulkPush } from "@/lib/server/operations/start-bulk";
import { listVersions } from "@/lib/server/versions/versions";

export const GET = route(
  {
    access: "platform:read",
    summary: "List the versions of the platform workspace",
    query: Page,
    response: z.array(Version),
  },
  async ({ engine, viewer, query }) => {
    const { workspace } = await requireWorkspace(engine, viewer, "read", PLATFORM_WORKSPACE_ID);
    return listVersions(engine, workspace, query);
  },
);

const Either = z.looseObject({ repository: z.looseObject({ id: z.string() }).optional() });

export const POST = route(
  {
    access: "platform:update",
    summary: "Push groups of workspaces to a platform repository",
    body: Either,
    bodies: z.union([BulkPushRequest, CreateVersion]),
    query: WatchQuery,
    response: z.union([Processing, BulkPushSummary, PushAnswer]),
  },
  async (context) => {
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
  },
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
