import { Security, SecurityInput } from "@/lib/domain/wire/contents";
import { NOT_MODIFIED } from "@/lib/http/answers/not-modified";
import { otherMethods } from "@/lib/http/methods";
import { conditionsOf, tagged } from "@/lib/http/parts";
import { route } from "@/lib/http/route";
import { readSecurity, writeSecurity } from "@/lib/server/workspaces/contents/security";

export const GET = route(
  {
    access: "workspace:read",
    summary: "Read the roles and rules of a workspace",
    response: Security,
    answers: NOT_MODIFIED,
    tagged: true,
  },
  async ({ engine, workspace }) => tagged(await readSecurity(engine, workspace)),
);

const change = (replace: boolean) =>
  route(
    {
      access: "workspace:manage_security",
      summary: replace
        ? "Replace the roles and rules of a workspace"
        : "Change the roles and rules of a workspace",
      body: SecurityInput,
      response: Security,
      tagged: true,
    },
    async ({ engine, viewer, workspace, body, request }) => {
      const input = { fields: body, replace, conditions: conditionsOf(request) };
      return tagged(await writeSecurity(engine, viewer, workspace, input));
    },
  );

export const PATCH = change(false);
export const PUT = change(true);

export const { POST, DELETE, OPTIONS } = otherMethods("GET", "PUT", "PATCH");
