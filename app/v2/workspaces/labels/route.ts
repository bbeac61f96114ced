import { z } from "zod";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { listLabels } from "@/lib/server/workspaces/list";

export const GET = route(
  { access: "signed-in", summary: "List every label in use", response: z.array(z.string()) },
  async ({ engine, viewer }) => listLabels(engine, viewer),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
