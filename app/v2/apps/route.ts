import { z } from "zod";
import { PublishApp, AppView } from "@/lib/domain/wire/contents";
import { PublishedApp } from "@/lib/domain/workspace";
import { otherMethods } from "@/lib/http/methods";
import { List, whole } from "@/lib/http/parse";
import { route } from "@/lib/http/route";
import { listApps, publishApp } from "@/lib/server/versions/apps";

const query = z.object({
  text: z.string().max(200).optional(),
  workspaceId: z.string().max(100).optional(),
  labels: List.optional(),
  page: whole(0, 1_000_000).default(0),
  limit: whole(1, 1000).default(1000),
});

export const GET = route(
  { access: "signed-in", summary: "List the published apps", query, response: z.array(PublishedApp) },
  async ({ engine, viewer, query }) => listApps(engine, viewer, query),
);

export const POST = route(
  {
    access: "signed-in",
    summary: "Publish a workspace as an app, or change its app",
    body: PublishApp,
    response: AppView,
  },
  async ({ engine, viewer, body }) => publishApp(engine, viewer, body),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
