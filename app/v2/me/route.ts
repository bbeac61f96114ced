import { account } from "@/lib/contract/people";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { describeViewer } from "@/lib/server/access";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(account.me, async ({ engine, viewer }) => describeViewer(engine, viewer)),
);
