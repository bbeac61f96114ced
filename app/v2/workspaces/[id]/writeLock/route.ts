import { z } from "zod";
import { SetWriteLock, WriteLock } from "@/lib/domain/write-lock";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { clearWriteLock, setWriteLock } from "@/lib/server/locks/write-lock";

export const POST = route(
  {
    access: "workspace:manage_security",
    summary: "Lock a workspace by hand",
    body: SetWriteLock,
    response: WriteLock.extend({ writeLock: WriteLock }),
  },
  async ({ engine, viewer, workspace, body }) => {
    const writeLock = await setWriteLock(engine, viewer, workspace, body.reason);
    return { ...writeLock, writeLock };
  },
);

export const DELETE = route(
  {
    access: "workspace:manage_security",
    summary: "Clear the write lock",
    body: SetWriteLock,
    response: z.object({ id: z.string(), cleared: WriteLock.nullable() }),
  },
  async ({ engine, viewer, workspace, body }) => ({
    id: workspace.id,
    cleared: await clearWriteLock(engine, viewer, workspace, body.reason),
  }),
);

export const { GET, PUT, PATCH, OPTIONS } = otherMethods("POST", "DELETE");
