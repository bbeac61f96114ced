import { account } from "@/lib/contract/people";
import { route } from "@/lib/http/route";
import { describeViewer } from "@/lib/server/access";
import { routes } from "@/lib/http/routes";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(account.me, async ({ engine, viewer }) => describeViewer(engine, viewer)),
);
