import { z } from "zod";
import { PublishedApp } from "@/lib/domain/workspace";
import { route } from "@/lib/http/route";
import { readApp } from "@/lib/server/versions/apps";

export const GET = route(
  {
    access: "signed-in",
    params: z.object({ slug: z.string() }),
    response: PublishedApp.extend({ versions: z.array(z.string()) }),
  },
  async ({ engine, viewer, params }) => readApp(engine, viewer, params.slug),
);
