import { workspaces } from "@/lib/contract/workspaces";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { listWorkspaces } from "@/lib/server/workspaces/list";
import { createWorkspace } from "@/lib/server/workspaces/settings";
import { summarizeOne } from "@/lib/server/workspaces/summary";

const STATUS = {
  synced: { synced: true },
  dirty: { dirty: true },
  behind: { behind: true },
  conflict: { locked: "merge_conflict" },
  locked: { locked: "any" },
} as const;
function withoutAbsent<T extends object>(filters: T) {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(workspaces.list, async ({ engine, viewer, query: { locked, conflict, status, ...query } }) =>
    listWorkspaces(engine, viewer, {
      ...withoutAbsent(query),
      ...(conflict ? STATUS.conflict : locked ? STATUS.locked : {}),
      ...(status ? STATUS[status] : {}),
    }),
  ),
  route(workspaces.create, async ({ engine, viewer, body }) =>
    summarizeOne(engine, await createWorkspace(engine, viewer, body)),
  ),
);
