import { Me } from "@/lib/domain/wire/api";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { grantsOf } from "@/lib/server/access";

export const GET = route(
  { access: "signed-in", summary: "Who is signed in", response: Me },
  async ({ engine, viewer, sessionExpiresAt }) => ({
    ...viewer.user,
    platformPermissions: (await grantsOf(engine, viewer)).actions(PLATFORM_WORKSPACE_ID),
    ...(viewer.sessionId ? { sessionId: viewer.sessionId } : {}),
    ...(sessionExpiresAt ? { expires: sessionExpiresAt } : {}),
  }),
);

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
