import { platform } from "@/lib/contract/platform";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { listHostKeys } from "@/lib/server/repositories/host-keys";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(platform.listHostKeys, async ({ engine }) => listHostKeys(engine)),
);
