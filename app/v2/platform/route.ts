import { PlatformView } from "@/lib/domain/wire/api";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { platformView } from "@/lib/server/versions/platform";

export const GET = route(
  { access: "platform:read", summary: "Groups and repositories of the platform", response: PlatformView },
  async ({ engine, grants }) => platformView(engine, grants),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
