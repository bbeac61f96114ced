import { platform } from "@/lib/contract/platform";
import { route } from "@/lib/http/route";
import { forgetHostKeys } from "@/lib/server/repositories/host-keys";
import { routes } from "@/lib/http/routes";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(platform.forgetHostKeys, async ({ engine, params }) => ({
    forgotten: await forgetHostKeys(engine, params.host),
  })),
);
