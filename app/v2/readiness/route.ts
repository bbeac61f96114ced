import { platform } from "@/lib/contract/platform";
import { Reply } from "@/lib/http/reply";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { readiness } from "@/lib/server/health/readiness";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(platform.readiness, async ({ engine }) => {
    const found = await readiness(engine);
    if (found.status === "ready") return new Reply(found);
    return new Reply(found, { status: 503, headers: { "retry-after": "5" } });
  }),
);
