import { platform } from "@/lib/contract/platform";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { platformView } from "@/lib/server/versions/platform";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(platform.read, async ({ engine, grants }) => platformView(engine, grants)),
);
