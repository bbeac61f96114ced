import { z } from "zod";
import { route } from "@/lib/http/route";
import { deleteAccessToken } from "@/lib/server/access";

export const DELETE = route(
  { access: "signed-in", params: z.object({ tokenId: z.string() }), response: z.object({ id: z.string() }) },
  async ({ engine, viewer, params }) => {
    await deleteAccessToken(engine, viewer, params.tokenId);
    return { id: params.tokenId };
  },
);
