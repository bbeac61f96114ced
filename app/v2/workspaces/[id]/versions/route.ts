import { z } from "zod";
import { PushAnswer } from "@/lib/domain/wire/api";
import { CreateVersion, Version } from "@/lib/domain/version";
import { otherMethods } from "@/lib/http/methods";
import { Page, WatchQuery, whole } from "@/lib/http/parse";
import { route } from "@/lib/http/route";
import { answerPush } from "@/lib/http/versioning";
import { listVersions } from "@/lib/server/versions/versions";

export const GET = route(
  {
    access: "workspace:read",
    summary: "List the versions of a workspace, newest first",
    query: Page.extend({ limit: whole(1, 1000).default(100), repository: z.string().max(100).optional() }),
    response: z.array(Version),
  },
  async ({ engine, workspace, query: { page, limit, repository } }) =>
    listVersions(engine, workspace, { page, limit, ...(repository ? { repository } : {}) }),
);

export const POST = route(
  {
    access: "workspace:update",
    summary: "Push to a repository, or save a native version",
    body: CreateVersion,
    query: WatchQuery,
    response: PushAnswer,
  },
  async (context) => answerPush(context, context.workspace.id),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
