import { z } from "zod";
import { PublishedApp } from "@/lib/domain/workspace";
import { route } from "@/lib/http/route";
import { listApps, PublishApp, publishApp } from "@/lib/server/versions/apps";

export const GET = route(
  { access: "signed-in", response: z.array(PublishedApp) },
  async ({ engine, viewer }) => listApps(engine, viewer),
);

export const POST = route(
  {
    access: "signed-in",
    body: PublishApp,
    response: PublishedApp.extend({ versions: z.array(z.string()) }),
  },
  async ({ engine, viewer, body }) => publishApp(engine, viewer, body),
);
