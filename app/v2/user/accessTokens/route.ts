import { z } from "zod";
import { route } from "@/lib/http/route";
import {
  AccessTokenView,
  CreateAccessToken,
  createAccessToken,
  CreatedAccessToken,
  deleteAccessToken,
  listAccessTokens,
} from "@/lib/server/access";

export const GET = route(
  { access: "signed-in", response: z.array(AccessTokenView) },
  async ({ engine, viewer }) => listAccessTokens(engine, viewer),
);

export const POST = route(
  { access: "signed-in", body: CreateAccessToken, response: CreatedAccessToken },
  async ({ engine, viewer, body }) => createAccessToken(engine, viewer, body),
);

export const DELETE = route(
  {
    access: "signed-in",
    query: z.object({ id: z.string().min(1) }),
    response: z.object({ id: z.string() }),
  },
  async ({ engine, viewer, query }) => {
    await deleteAccessToken(engine, viewer, query.id);
    return { id: query.id };
  },
);
