import { z } from "zod";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { deleteSecret } from "@/lib/server/workspaces/secrets";

export const DELETE = route(
  {
    access: "workspace:manage_security",
    summary: "Delete a secret",
    params: z.object({ name: z.string() }),
    response: z.object({ name: z.string(), secretName: z.string() }),
  },
  async ({ engine, viewer, workspace, params }) => {
    await deleteSecret(engine, viewer, workspace, params.name);
    return { name: params.name, secretName: params.name };
  },
);

export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
