import { Security, SecurityInput } from "@/lib/domain/contents";
import { route } from "@/lib/http/route";
import { readSecurity, writeSecurity } from "@/lib/server/workspaces/contents/security";

export const GET = route({ access: "workspace:read", response: Security }, async ({ engine, workspace }) =>
  readSecurity(engine, workspace),
);

const change = (replace: boolean) =>
  route(
    { access: "workspace:manage_security", body: SecurityInput, response: Security },
    async ({ engine, viewer, workspace, body }) => writeSecurity(engine, viewer, workspace, body, replace),
  );

export const PATCH = change(false);
export const PUT = change(true);
