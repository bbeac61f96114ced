import { writeLock } from "@/lib/contract/versions";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { clearWriteLock, setWriteLock } from "@/lib/server/locks/write-lock";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(writeLock.set, async ({ engine, viewer, workspace, body }) => {
    const lock = await setWriteLock(engine, viewer, workspace, body.reason);
    return { ...lock, writeLock: lock };
  }),
  route(writeLock.clear, async ({ engine, viewer, workspace, body }) => ({
    id: workspace.id,
    cleared: await clearWriteLock(engine, viewer, workspace, body.reason),
  })),
);
