import { z } from "zod";
import { AppView } from "@/lib/domain/wire/contents";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { readApp, unpublishApp } from "@/lib/server/versions/apps";

const params = z.object({ slug: z.string() });

export const GET = route(
  {
    access: "signed-in",
    summary: "Read a published app",
    params,
    response: AppView,
  },
  async ({ engine, viewer, params }) => readApp(engine, viewer, params.slug),
);

export const DELETE = route(
  {
    access: "signed-in",
    summary: "Take a published app back",
    params,
    response: z.object({ id: z.string(), slug: z.string() }),
  },
  async ({ engine, viewer, params }) => unpublishApp(engine, viewer, params.slug),
);

export const { POST, PUT, PATCH, OPTIONS } = otherMethods("GET", "DELETE");
