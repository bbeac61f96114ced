import { z } from "zod";
import { CreateAccessToken } from "@/lib/domain/access/requests";
import { AccessTokenView, CreatedAccessToken } from "@/lib/domain/access";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { createAccessToken, deleteAccessToken, listAccessTokens } from "@/lib/server/access";

export const GET = route(
  {
    access: "account",
    summary: "One's access tokens, without their values",
    response: z.array(AccessTokenView),
  },
  async ({ engine, viewer }) => listAccessTokens(engine, viewer),
);

export const POST = route(
  {
    access: "account",
    summary: "Create an access token; its value is shown once",
    description:
      "Scopes are actions (`read`, `update`, …), `workspace:{id}`, or `*`; without any nothing is narrowed.",
    body: CreateAccessToken,
    response: CreatedAccessToken,
    confidential: true,
  },
  async ({ engine, viewer, body }) => createAccessToken(engine, viewer, body),
);

export const DELETE = route(
  {
    access: "account",
    summary: "Delete an access token named in the query",
    query: z.object({ id: z.string().min(1).max(300) }),
    response: AccessTokenView,
  },
  async ({ engine, viewer, query }) => deleteAccessToken(engine, viewer, query.id),
);

export const { PUT, PATCH, OPTIONS } = otherMethods("GET", "POST", "DELETE");
