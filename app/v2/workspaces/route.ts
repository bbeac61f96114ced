import { z } from "zod";
import { CreateWorkspace, WorkspaceSummary } from "@/lib/domain/workspace";
import { otherMethods } from "@/lib/http/methods";
import { Flag, List, Page } from "@/lib/http/parse";
import { route } from "@/lib/http/route";
import { listWorkspaces } from "@/lib/server/workspaces/list";
import { createWorkspace } from "@/lib/server/workspaces/settings";
import { summarizeOne } from "@/lib/server/workspaces/summary";

const Filters = Page.extend({
  dirty: Flag.optional(),
  labels: List.optional(),
  name: z.string().optional(),
  slug: z.string().optional(),
  ids: List.optional(),
  search: z.string().max(200).optional(),
  owned: Flag.optional(),
  locked: Flag.optional(),
  conflict: Flag.optional(),
  behind: Flag.optional(),
  /** One word for the filters above. */
  status: z.enum(["synced", "dirty", "behind", "conflict", "locked"]).optional(),
  group: z.string().max(100).optional(),
  sort: z.string().max(60).optional(),
});

function withoutAbsent<T extends object>(filters: T) {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

const STATUS = {
  synced: { synced: true },
  dirty: { dirty: true },
  behind: { behind: true },
  conflict: { locked: "merge_conflict" },
  locked: { locked: "any" },
} as const;

export const GET = route(
  { access: "signed-in", summary: "List workspaces", query: Filters, response: z.array(WorkspaceSummary) },
  async ({ engine, viewer, query: { locked, conflict, status, ...query } }) =>
    listWorkspaces(engine, viewer, {
      ...withoutAbsent(query),
      ...(conflict ? STATUS.conflict : locked ? STATUS.locked : {}),
      ...(status ? STATUS[status] : {}),
    }),
);

export const POST = route(
  { access: "signed-in", summary: "Create a workspace", body: CreateWorkspace, response: WorkspaceSummary },
  async ({ engine, viewer, body }) => summarizeOne(engine, await createWorkspace(engine, viewer, body)),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
